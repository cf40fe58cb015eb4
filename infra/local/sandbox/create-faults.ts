import type { Outgoing } from '../loopback/outgoing.ts';
import { json, type Reply } from '../loopback/reply.ts';
import { type FailureStatus, failure } from './failure.ts';
import type { FaultOf, Kinds } from './fault-kind.ts';
import { between, pick } from './random.ts';
import { invalidToken, limited, refusal } from './refusal.ts';
import type { Resource } from './resource.ts';

/** The faults of creates by kind, with their parameters; times in milliseconds. */
interface CreateFaults {
  refuse: { readonly status: 400 | 403 | 404 | 409; readonly code: string; readonly detailCode?: string };
  /** `retryAfter` is in seconds. */
  limit: { readonly retryAfter?: number; readonly asDate?: boolean };
  fail: { readonly status: Exclude<FailureStatus, 408> };
  resetBefore: object;
  unauthorized: object;
  createThenAnswer: { readonly status: FailureStatus | 200 | 202 | 302 };
  createThenReset: object;
  createThenHang: object;
  createLate: { readonly afterMs: number; readonly answer: 'never' | 'created' };
  createLateThenFail: { readonly afterMs: number; readonly status: 500 | 503 };
  createThenGarbage: object;
  createThenTruncate: object;
  createThenSlowBody: { readonly afterMs: number };
}

/** The fault of one create. */
export type Fault = FaultOf<CreateFaults>;

/** The create that meets a fault. */
export interface FaultyCreate {
  /** Stores the resource. Throws where PingOne refuses it. */
  store(): Resource;
  wait(milliseconds: number): Promise<void>;
  now(): number;
}

/** Every fault of creates. No other file lists their names. */
export const createFaults: Kinds<CreateFaults, FaultyCreate, Outgoing | Promise<Outgoing>> = {
  refuse: {
    summary: 'refused: 400, 403, 404 or 409',
    draw: (random) => pick(random, refusals),
    run: ({ status, code, detailCode }) =>
      refusal(status, code, refused, detailCode === undefined ? undefined : [{ code: detailCode, message: refused }]),
  },
  limit: {
    summary: '429, with Retry-After in seconds, as a date, or without',
    draw: (random) =>
      pick(random, [{}, { retryAfter: between(random, 1, 3) }, { retryAfter: between(random, 1, 3), asDate: true }]),
    run: ({ retryAfter, asDate }, { now }) => {
      if (retryAfter === undefined) return limited(undefined);
      // A date has whole seconds; rounded up, so that no retry is too early.
      const date = Math.ceil(now() / 1000 + retryAfter) * 1000;
      return limited(asDate ? new Date(date).toUTCString() : String(retryAfter));
    },
  },
  fail: {
    summary: '500, 502, 503 or 504, and nothing is created',
    draw: (random) => ({ status: pick(random, [500, 502, 503, 504]) }),
    run: ({ status }) => failure(status),
  },
  resetBefore: {
    summary: 'the connection is reset, and nothing is created',
    draw: () => ({}),
    run: () => 'reset',
  },
  unauthorized: {
    summary: '401, although the token is good',
    draw: () => ({}),
    run: invalidToken,
  },
  createThenAnswer: {
    summary: 'created, but the answer is 500, 502, 503, 504, 408, 200, 202 or 302',
    draw: (random) => ({ status: pick(random, [500, 502, 503, 504, 408, 200, 202, 302]) }),
    run: ({ status }, { store }) => misleading(status, store()),
  },
  createThenReset: {
    summary: 'created, then the connection is reset',
    draw: () => ({}),
    run: (_, { store }) => {
      store();
      return 'reset';
    },
  },
  createThenHang: {
    summary: 'created, and never answered',
    draw: () => ({}),
    run: (_, { store }) => {
      store();
      return 'hang';
    },
  },
  createLate: {
    summary: 'created only after some seconds, and answered then or never',
    draw: (random) => ({ afterMs: between(random, 1_000, 12_000), answer: pick(random, ['never', 'created']) }),
    run: async ({ afterMs, answer }, { store, wait }) => {
      await wait(afterMs);
      const resource = store();
      return answer === 'never' ? 'hang' : json(201, resource);
    },
  },
  createLateThenFail: {
    summary: 'created only after some seconds, and answered 500 or 503 then',
    draw: (random) => ({ afterMs: between(random, 1_000, 7_000), status: pick(random, [500, 503]) }),
    run: async ({ afterMs, status }, { store, wait }) => {
      await wait(afterMs);
      store();
      return failure(status);
    },
  },
  createThenGarbage: {
    summary: 'created, and answered 201 with a body that is no JSON',
    draw: () => ({}),
    run: (_, { store }) => ({ ...json(201, store()), body: '{"id":"' }),
  },
  createThenTruncate: {
    summary: 'created, but the connection ends in the middle of the 201',
    draw: () => ({}),
    run: (_, { store }) => ({ ...json(201, store()), rest: Promise.resolve(false) }),
  },
  createThenSlowBody: {
    summary: 'created, and the second half of the 201 comes seconds after the first',
    draw: (random) => ({ afterMs: between(random, 1_000, 12_000) }),
    run: ({ afterMs }, { store, wait }) => ({ ...json(201, store()), rest: wait(afterMs).then(() => true) }),
  },
};

const refused = 'The request could not be completed.';

const refusals = [
  { status: 400, code: 'INVALID_DATA', detailCode: 'INVALID_VALUE' },
  { status: 403, code: 'ACCESS_FAILED', detailCode: 'INSUFFICIENT_PERMISSIONS' },
  { status: 404, code: 'NOT_FOUND' },
  { status: 409, code: 'REQUEST_FAILED', detailCode: 'UNIQUENESS_VIOLATION' },
] as const;

/** An answer that hides that the resource was created. */
const misleading = (status: FailureStatus | 200 | 202 | 302, resource: Resource): Reply => {
  if (status === 200) return json(200, resource);
  if (status === 202) return { status };
  if (status === 302) return { status, headers: { location: 'https://www.pingidentity.com/' } };
  return failure(status);
};
