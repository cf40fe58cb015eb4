import { headerNames } from '../../../lib/contract.ts';
import { GatewayError } from '../../../lib/problems.ts';
import { isMembers } from '../../../lib/validation/members.ts';
import type { Api } from './api.ts';

interface DeliveryOptions {
  readonly api: Api;
  /** Below the apiPath, with its parameters filled in. */
  readonly path: string;
  readonly key: string;
  readonly body: string;
  readonly isAsync: boolean;
  /** When to give up, in milliseconds since the epoch. */
  readonly until: number;
  /** Waits, in milliseconds. */
  readonly delay: (ms: number) => Promise<unknown>;
  /** Prints a line about the progress. */
  readonly say: (text: string) => void;
}

/** How a request ended: the resource, the status of an accepted request, or a problem. */
export interface Delivery {
  readonly ok: boolean;
  readonly answer: Members;
}

type Members = Readonly<Record<string, unknown>>;

/** Thrown when the outcome is still unknown at the end of the time. */
class GivenUp extends GatewayError {
  override readonly name = 'GivenUp';
}

/** The wait after an answer without Retry-After, in milliseconds. */
const defaultWaitMs = 5_000;

/** Sends a create until its outcome is known, always with the same key. @throws GivenUp */
export const deliver = async (sending: DeliveryOptions): Promise<Delivery> => {
  const { api, path, key, body, isAsync } = sending;
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': key,
    ...(isAsync && { prefer: 'respond-async' }),
  };
  const create = { method: 'POST', url: new URL(api.apiPath + path), headers, body };
  for (;;) {
    const { status, answer, headers: answered, waitMs } = await call(sending, create);
    if (status === 202) return follow(sending, new URL(answered.get('location') ?? '', api.apiPath));
    const how = answered.get(headerNames.outcome) ?? '';
    sending.say([status, how, codeIn(answer)].filter(Boolean).join(' '));
    if (status === 201) return { ok: true, answer };
    if (isFinal(status) && waitMs === undefined) return { ok: false, answer };
    const ms = waitMs ?? defaultWaitMs;
    sending.say(`again in ${Math.ceil(ms / 1000)} s, with the same key`);
    await wait(sending, ms);
  }
};

/** Reads the state of an accepted request until it is final. */
const follow = async (sending: DeliveryOptions, url: URL): Promise<Delivery> => {
  let reported = '';
  for (;;) {
    const { status, answer, waitMs } = await call(sending, { method: 'GET', url, headers: {}, body: '' });
    const state = String(answer.state ?? codeIn(answer));
    if (state !== reported) sending.say(`${status} ${state}`);
    reported = state;
    if (state === 'created' || state === 'rejected') return { ok: state === 'created', answer };
    if (isFinal(status)) return { ok: false, answer };
    await wait(sending, waitMs ?? 1_000);
  }
};

/** Whether a retry would get the same answer; the status is 0 if there was no answer. */
const isFinal = (status: number): boolean => status >= 400 && status < 500 && status !== 429;

/** One call. Its status is 0 if there was no answer. */
const call = async ({ api, say }: DeliveryOptions, request: Parameters<Api['authorized']>[0]) => {
  const { method, url, body } = request;
  try {
    const headers = await api.authorized(request);
    const response = await fetch(url, { method, headers, ...(body && { body }), signal: AbortSignal.timeout(60_000) });
    // The gateway's own, in whole seconds.
    const seconds = response.headers.get('retry-after');
    const waitMs = seconds === null ? undefined : Number(seconds) * 1000;
    return { status: response.status, answer: membersIn(await response.text()), headers: response.headers, waitMs };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    say(`no answer (${cause instanceof Error ? cause.message || cause.name : 'unknown'})`);
    return { status: 0, answer: {}, headers: new Headers(), waitMs: undefined };
  }
};

const membersIn = (text: string): Members => {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch {
    return {};
  }
};

const codeIn = ({ type, code, message }: Members): string =>
  [/#(\w+)$/.exec(String(type))?.[1] ?? code, message].filter(Boolean).join(': ');

const wait = async ({ until, key, delay }: DeliveryOptions, ms: number): Promise<void> => {
  if (Date.now() + ms > until)
    throw new GivenUp(
      `its outcome is not known yet; send it again with --key ${key}, which never creates a second one`,
    );
  await delay(ms);
};
