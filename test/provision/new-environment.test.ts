import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../../infra/local/loopback/reply.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
afterEach(() => system.close());

const refusal = (status: 400 | 403 | 404): Fault => ({ kind: 'refuse', status, code: 'ACCESS_FAILED' });
const isEnvironment = (method: string, path: string) => method === 'GET' && /^\/v1\/environments\/[^/]+$/.test(path);

/** Starts a system whose environment is so old, or can't be read, and whose PingOne refuses some creates. */
const start = async (refusals: readonly Fault[], ageMs: number | undefined) => {
  const faults = [...refusals];
  system = await startSystem({
    sandbox: {
      faults: { create: () => faults.shift() },
      alter: ({ method, path }, outgoing) => {
        if (!isEnvironment(method, path)) return outgoing;
        const body = { id: 'x', createdAt: new Date(born).toISOString() };
        return ageMs === undefined ? json(403, { id: 'x', code: 'ACCESS_FAILED', message: 'x' }) : json(200, body);
      },
    },
  });
  const born = system.clock.now() - (ageMs ?? 0);
};
const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
const looks = () => system.sandbox.requests.filter(({ method, path }) => isEnvironment(method, path)).length;

describe.each(endpoints)('a create of $name', (endpoint) => {
  const resources = () => system.sandbox.resources(collectionOf(endpoint));

  it.each([403, 404] as const)(
    'that a new environment refuses with %i is sent again, and created once',
    async (status) => {
      await start([refusal(status), refusal(status)], 5_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect([creates(), looks(), resources().length]).toEqual([3, 1, 1]);
    },
  );

  it('that is refused until the deadline may be retried, and creates nothing before', async () => {
    await start(
      Array.from({ length: 200 }, () => refusal(403)),
      5_000,
    );
    const answer = await system.ask({ endpoint, key: 'k' });
    expect(answer).toMatchObject({ answered: 503, problem: { code: 'ENVIRONMENT_NEW' } });
    expect('problem' in answer && answer.problem.facts.retryAfterMs).toBe(10_000);
    expect(resources()).toEqual([]);
  });

  it("that is refused for longer than a minute gets PingOne's own refusal", async () => {
    await start(
      Array.from({ length: 200 }, () => refusal(403)),
      50_000,
    );
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: 403,
      problem: { code: 'PINGONE_REFUSED' },
    });
  });

  it.each([
    ['an older environment', 403, 60_000, 1],
    ['an environment that PingOne does not show', 403, undefined, 1],
    ['a new environment, for another reason', 400, 5_000, 0],
  ] as const)('that is refused in %s is over', async (_, status, ageMs, looked) => {
    await start([refusal(status)], ageMs);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
      answered: status,
      problem: { code: 'PINGONE_REFUSED' },
    });
    expect([creates(), looks()]).toEqual([1, looked]);
  });

  it('that succeeds does not ask for the environment', async () => {
    await start([], 5_000);
    expect(await system.ask({ endpoint })).toMatchObject({ answered: 201 });
    expect(looks()).toBe(0);
  });

  it('whose earlier answer was lost is looked for first: a refusal then proves nothing', async () => {
    await start([{ kind: 'createThenReset' }, refusal(403)], 5_000);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted' });
    expect([creates(), looks(), resources().length]).toEqual([1, 0, 1]);
  });
});
