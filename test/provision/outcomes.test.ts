import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import type { ListFault } from '../../infra/local/sandbox/list-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type CallerAnswer, type System, type SystemOptions, startSystem } from '../harness/system.ts';

let system: System;
afterEach(() => system.close());

/** Starts the system with a fault for each create in turn, and for each list. */
const start = async (
  creates: (Fault | undefined)[] = [],
  lists: (ListFault | undefined)[] = [],
  options: SystemOptions = {},
) => {
  system = await startSystem({
    ...options,
    sandbox: { faults: { create: () => creates.shift(), list: () => lists.shift() }, ...options.sandbox },
  });
  return system;
};

const resources = (endpoint = endpoints[0]) => (endpoint ? system.sandbox.resources(collectionOf(endpoint)) : []);
const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
const idOf = (answer: CallerAnswer) => ('id' in answer ? answer.id : undefined);
const retryAfterOf = (answer: CallerAnswer) => ('problem' in answer ? (answer.problem.facts.retryAfterMs ?? 0) : 0);

/** Retries with one key as long as the answers have a Retry-After, and waits for that. */
const askUntilDone = async (asked: Parameters<System['ask']>[0]): Promise<CallerAnswer> => {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await system.ask(asked);
    if (answer.answered !== 'died' && answer.answered !== 409 && answer.answered < 500) return answer;
    await system.pass(Math.max(1_000, retryAfterOf(answer), answer.answered === 'died' ? 42_000 : 0));
  }
  throw new Error('still not done after ten tries');
};

const inOwnTime: [string, Fault][] = [
  ['answers 500', { kind: 'createThenAnswer', status: 500 }],
  ['answers 503', { kind: 'createThenAnswer', status: 503 }],
];

const lost: [string, Fault][] = [
  ['answers 502', { kind: 'createThenAnswer', status: 502 }],
  ['answers 504', { kind: 'createThenAnswer', status: 504 }],
  ['answers 408', { kind: 'createThenAnswer', status: 408 }],
  ['answers 200', { kind: 'createThenAnswer', status: 200 }],
  ['answers 202', { kind: 'createThenAnswer', status: 202 }],
  ['answers 302', { kind: 'createThenAnswer', status: 302 }],
  ['resets the connection', { kind: 'createThenReset' }],
  ['never answers', { kind: 'createThenHang' }],
  ['answers with garbage', { kind: 'createThenGarbage' }],
  ['breaks its answer off', { kind: 'createThenTruncate' }],
  ['gives its answer too slowly', { kind: 'createThenSlowBody', afterMs: 9_000 }],
];

describe.each(endpoints)('a create of $name', (endpoint) => {
  it.each([...inOwnTime, ...lost])('is found if PingOne creates it and %s', async (_, fault) => {
    await start([fault]);
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({ answered: 201, how: 'adopted', id: resources(endpoint)[0]?.id });
    expect(creates()).toBe(1);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 201,
      how: 'replayed',
      id: idOf(answer),
    });
    expect(resources(endpoint)).toHaveLength(1);
  });

  it.each([
    ['500', { kind: 'fail', status: 500 }],
    ['503', { kind: 'fail', status: 503 }],
  ] satisfies [string, Fault][])(
    'is sent again once %s has settled to nothing, inside the same request',
    async (_, fault) => {
      await start([fault]);
      const begin = system.clock.now();
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(system.clock.now() - begin).toBeGreaterThanOrEqual(15_000);
      expect([creates(), resources(endpoint).length]).toEqual([2, 1]);
    },
  );

  it.each([
    ['502', { kind: 'fail', status: 502 }],
    ['504', { kind: 'fail', status: 504 }],
    ['a reset', { kind: 'resetBefore' }],
  ] satisfies [string, Fault][])('is unknown for a minute after %s, and sent again after it', async (_, fault) => {
    await start([fault]);
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({
      answered: 504,
      problem: { code: 'OUTCOME_UNKNOWN', facts: { idempotencyKey: 'k' } },
    });
    expect(retryAfterOf(answer)).toBeGreaterThan(60_000);
    expect(creates()).toBe(1);
    await system.pass(retryAfterOf(answer) / 2);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 504 });
    expect(creates()).toBe(1);
    await system.pass(retryAfterOf(answer));
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect([creates(), resources(endpoint).length]).toEqual([2, 1]);
  });

  it('creates one resource if PingOne completes it after our time-out', async () => {
    await start([{ kind: 'createLate', afterMs: 20_000, answer: 'never' }]);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 504 });
    expect(resources(endpoint)).toHaveLength(0);
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({
      answered: 201,
      how: 'adopted',
      id: resources(endpoint)[0]?.id,
    });
    expect([creates(), resources(endpoint).length]).toEqual([1, 1]);
  });

  it('is found although the list lags behind', async () => {
    const lag: ListFault = { kind: 'listLags', lagMs: 4_000 };
    await start([{ kind: 'createThenAnswer', status: 500 }], [lag, lag, lag]);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect([creates(), resources(endpoint).length]).toEqual([1, 1]);
  });

  it('stays unknown while the list fails, and nothing is sent', async () => {
    const fails: ListFault = { kind: 'listFails', answer: 500 };
    await start([{ kind: 'createThenReset' }], [fails, fails, fails]);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 504,
      problem: { code: 'OUTCOME_UNKNOWN' },
    });
    expect(creates()).toBe(1);
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect(resources(endpoint)).toHaveLength(1);
  });

  it('logs one line per attempt: the caller, the request, its calls, and its outcome', async () => {
    await start([
      { kind: 'limit', retryAfter: 1 },
      { kind: 'unauthorized' },
      { kind: 'createThenAnswer', status: 500 },
    ]);
    const answer = await system.ask({ endpoint, key: 'k', arrivalID: 'a-1' });
    const attempts = () => system.logged.map((line) => Object(line).attempt).filter(Boolean);
    expect(attempts()).toEqual([
      {
        door: 'http',
        caller: 'alice',
        endpoint: endpoint.name,
        parameters: endpoint.example.parameters,
        arrival: 'a-1',
        outcome: 'adopted',
        request: expect.stringMatching(/^[\da-f]{64}$/),
        resource: idOf(answer),
        correlationID: expect.any(String),
        sends: 3,
        limited: 1,
        unauthorized: 1,
        tookOver: false,
        listLagMs: expect.any(Number),
        pingOneMs: expect.any(Number),
        ownMs: expect.any(Number),
        ms: expect.any(Number),
      },
    ]);
    const [{ ms, ownMs, pingOneMs }] = attempts().map(Object);
    expect(ownMs).toBe(ms - pingOneMs);
    await system.ask({ endpoint, key: 'k2', dies: (step) => step === 'after PingOne create' });
    expect(attempts()).toHaveLength(1);
    await system.pass(42_000);
    await system.ask({ endpoint, key: 'k2' });
    expect(attempts()[1]).toMatchObject({ outcome: 'adopted', tookOver: true, sends: 0 });
    expect(JSON.stringify(system.logged)).not.toContain(String(endpoint.example.body.name));
  });

  it('logs which attempt left an outcome unknown, and which one resolved it', async () => {
    await start(
      [{ kind: 'createThenAnswer', status: 500 }],
      Array.from({ length: 3 }, () => ({ kind: 'listFails', answer: 500 }) as const),
    );
    const unknown = () =>
      system.logged.flatMap((line) => Object(line).attempt ?? []).map((line) => Object(line).unknown);
    const left = await system.ask({ endpoint, key: 'k' });
    const traces = { requestID: expect.stringMatching(/^[\da-f]{64}$/), correlationID: expect.any(String) };
    expect(left).toMatchObject({ answered: 504, problem: { facts: { idempotencyKey: 'k', ...traces } } });
    expect(unknown()).toEqual(['opened']);
    await system.ask({ endpoint, key: 'k' });
    expect(unknown()).toEqual(['opened', 'closed']);
  });

  it('waits as long as PingOne requests, in seconds or until a date, and then creates', async () => {
    await start([{ kind: 'limit', retryAfter: 3 }, { kind: 'limit', retryAfter: 2, asDate: true }, { kind: 'limit' }]);
    const begin = system.clock.now();
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(system.clock.now() - begin).toBeGreaterThanOrEqual(5_000);
    expect(creates()).toBe(4);
  });

  it('answers with Retry-After if PingOne requests a wait longer than the deadline', async () => {
    await start([{ kind: 'limit', retryAfter: 60 }]);
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({
      answered: 429,
      problem: { code: 'REQUEST_LIMITED', facts: { retryAfterMs: 60_000, idempotencyKey: 'k' } },
    });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
  });

  it('is sent once more with a new token if PingOne refuses the token', async () => {
    await start([{ kind: 'unauthorized' }]);
    expect(await system.ask({ endpoint })).toMatchObject({ answered: 201 });
    expect(creates()).toBe(2);
    await system.close();
    await start([{ kind: 'unauthorized' }, { kind: 'unauthorized' }]);
    expect(await system.ask({ endpoint })).toMatchObject({ answered: 502, problem: { code: 'PINGONE_ACCESS_FAILED' } });
    expect(creates()).toBe(2);
  });

  it('reads a rotated secret, and continues', async () => {
    await start();
    await system.ask({ endpoint });
    system.sandbox.application.rotateSecret();
    system.sandbox.application.revokeTokens();
    system.publishSecret();
    expect(await system.ask({ endpoint, body: { ...endpoint.example.body, name: 'Two' } })).toMatchObject({
      answered: 201,
    });
  });

  it.each([
    [400, 'INVALID_DATA', 'UNIQUENESS_VIOLATION'],
    [403, 'ACCESS_FAILED', undefined],
    [404, 'NOT_FOUND', undefined],
    [409, 'REQUEST_FAILED', undefined],
  ] as const)(
    'is over when PingOne refuses it with %i, and the key starts afresh, with another body too',
    async (status, code, detailCode) => {
      await start([{ kind: 'refuse', status, code, ...(detailCode && { detailCode }) }]);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: status,
        problem: { code: 'PINGONE_REFUSED', facts: { upstream: { code } } },
      });
      expect(creates()).toBe(1);
      const body = { ...endpoint.example.body, name: 'Corrected' };
      expect(await system.ask({ endpoint, key: 'k', body })).toMatchObject({ answered: 201, how: 'created' });
    },
  );

  it('is not rejected because of its own earlier send, whose resource is found', async () => {
    // The list lags longer than the grace period after a 500, so a second create leaves.
    const lags = Array.from({ length: 20 }, (): ListFault => ({ kind: 'listLags', lagMs: 30_000 }));
    await start([{ kind: 'createThenAnswer', status: 500 }], lags, { sandbox: { uniqueNames: true } });
    const first = await system.ask({ endpoint, key: 'k' });
    expect(first).toMatchObject({ answered: 504, problem: { code: 'OUTCOME_UNKNOWN' } });
    expect(retryAfterOf(first)).toBeGreaterThan(60_000);
    expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({
      answered: 201,
      how: 'adopted',
      id: resources(endpoint)[0]?.id,
    });
    expect([creates(), resources(endpoint).length]).toEqual([2, 1]);
  });

  it('is rejected finally only if no resource of an earlier send is found during the longer grace period', async () => {
    await start([
      { kind: 'fail', status: 500 },
      { kind: 'refuse', status: 400, code: 'INVALID_DATA' },
      { kind: 'refuse', status: 400, code: 'INVALID_DATA' },
    ]);
    const first = await system.ask({ endpoint, key: 'k' });
    expect(first).toMatchObject({ answered: 504, problem: { code: 'OUTCOME_UNKNOWN' } });
    await system.pass(retryAfterOf(first) - 30_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 504 });
    expect(creates()).toBe(2);
    await system.pass(30_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 400,
      problem: { code: 'PINGONE_REFUSED' },
    });
    expect(creates()).toBe(3);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
  });
});
