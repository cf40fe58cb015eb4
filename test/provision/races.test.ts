import { afterEach, describe, expect, it } from 'vitest';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { throttled } from '../../infra/local/aws/service.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { openRequests } from '../../infra/operator/open-requests.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { assignmentMember } from '../../lib/ledger/names.ts';
import { nameIDsOf } from '../../lib/provision/identity.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type CallerAnswer, type Step, type System, type SystemOptions, startSystem } from '../harness/system.ts';

let system: System;
afterEach(() => system.close());

const start = async (creates: (Fault | undefined)[] = [], options: SystemOptions = {}) => {
  system = await startSystem({ sandbox: { faults: { create: () => creates.shift() } }, ...options });
};

const idOf = (answer: CallerAnswer) => ('id' in answer ? answer.id : undefined);
const retryAfterOf = (answer: CallerAnswer) =>
  'problem' in answer ? (answer.problem.facts.retryAfterMs ?? 1_000) : 1_000;
const keyOf = (answer: CallerAnswer) => ('problem' in answer ? answer.problem.facts.idempotencyKey : undefined);
const lost: Fault = { kind: 'createThenReset' };
const neverMade: Fault = { kind: 'resetBefore' };

const askUntilDone = async (asked: Parameters<System['ask']>[0]): Promise<CallerAnswer> => {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await system.ask(asked);
    if (answer.answered !== 'died' && answer.answered !== 409 && answer.answered < 500) return answer;
    await system.pass(retryAfterOf(answer));
  }
  throw new Error('still not done after ten tries');
};

/** Dies at the nth occurrence of a step. */
const dyingAt = (fatal: Step, nth = 1) => {
  let times = 0;
  return (step: Step) => step === fatal && ++times === nth;
};

describe.each(endpoints)('$name', (endpoint) => {
  const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);
  const creates = () =>
    system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
  const another = {
    ...endpoint.example.body,
    [endpoint.sets.includes('methods') ? 'methods' : 'properties']: endpoint.sets.includes('methods')
      ? ['GET']
      : { a: { value: 1 } },
  };

  describe('with one key', () => {
    it('answers 409 with Retry-After while another attempt is in progress', async () => {
      await start([{ kind: 'createLate', afterMs: 3_000, answer: 'created' }]);
      const first = system.ask({ endpoint, key: 'k' });
      await system.pass(1_000);
      const second = await system.ask({ endpoint, key: 'k' });
      expect(second).toMatchObject({
        answered: 409,
        problem: { code: 'REQUEST_IN_PROGRESS', facts: { idempotencyKey: 'k' } },
      });
      expect(retryAfterOf(second)).toBeGreaterThan(0);
      expect(await first).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: 201,
        how: 'replayed',
        id: idOf(await first),
      });
      expect(made()).toHaveLength(1);
    });

    it('answers 422 to another body, while the request is open and after it', async () => {
      await start([neverMade]);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 504 });
      expect(await system.ask({ endpoint, key: 'k', body: another })).toMatchObject({
        answered: 422,
        problem: { code: 'KEY_REUSED' },
      });
      await askUntilDone({ endpoint, key: 'k' });
      expect(await system.ask({ endpoint, key: 'k', body: another })).toMatchObject({ answered: 422 });
    });

    it('treats the same members in another order as the same body', async () => {
      await start();
      const first = await system.ask({ endpoint, key: 'k' });
      const reversed = Object.fromEntries(Object.entries(endpoint.example.body).reverse());
      expect(await system.ask({ endpoint, key: 'k', body: reversed })).toMatchObject({
        answered: 201,
        how: 'replayed',
        id: idOf(first),
      });
    });

    it('answers 410 if the resource was deleted since', async () => {
      await start();
      const first = await system.ask({ endpoint, key: 'k' });
      const url = `${system.sandbox.apiBase}${collectionOf(endpoint)}/${idOf(first)}`;
      const { authorization } = system.sandbox.requests.at(-1)?.headers ?? {};
      expect((await fetch(url, { method: 'DELETE', headers: { authorization: String(authorization) } })).status).toBe(
        204,
      );
      await system.pass(71_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: 410,
        problem: { code: 'RESOURCE_GONE' },
      });
    });

    it('answers 503 while the resource cannot be read, and 201 afterwards', async () => {
      await start();
      await system.ask({ endpoint, key: 'k' });
      const { environmentID } = endpoint.example.parameters;
      system.sandbox.application.rotateSecret();
      system.sandbox.application.revokeTokens();
      expect(environmentID).toBeDefined();
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: 503,
        problem: { code: 'PINGONE_UNREACHABLE' },
      });
      system.publishSecret();
      await system.pass(10_001);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed' });
    });

    it('distinguishes callers and path parameters', async () => {
      await start();
      const first = await system.ask({ endpoint, key: 'k' });
      const second = await system.ask({ endpoint, key: 'k', caller: 'bob' });
      expect(second).toMatchObject({ answered: 201, how: 'created' });
      expect(idOf(second)).not.toBe(idOf(first));
    });

    it('finds its resource after its record has expired after 35 days: the name item has it', async () => {
      await start();
      const first = await system.ask({ endpoint, key: 'k' });
      await system.pass(36 * 86_400_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: 201,
        how: 'adopted',
        id: idOf(first),
      });
      expect(made()).toHaveLength(1);
    });
  });

  describe('with two keys for one name', () => {
    it('never assigns the resource of a lost answer to the other request: both get their own', async () => {
      await start([lost]);
      const first = await system.ask({ endpoint, key: 'first', dies: dyingAt('before ledger assign') });
      expect(first.answered).toBe('died');
      await system.pass(42_000);
      const second = await askUntilDone({ endpoint, key: 'second' });
      expect(second).toMatchObject({ answered: 201, how: 'created' });
      expect(await askUntilDone({ endpoint, key: 'first' })).toMatchObject({ answered: 201, id: made()[0] });
      expect(idOf(second)).toBe(made()[1]);
      expect(made()).toHaveLength(2);
    });

    it('makes the second request wait while the first is in progress', async () => {
      await start([{ kind: 'createLate', afterMs: 3_000, answer: 'created' }]);
      const first = system.ask({ endpoint, key: 'first' });
      await system.pass(1_000);
      expect(await system.ask({ endpoint, key: 'second' })).toMatchObject({ answered: 409 });
      expect(await first).toMatchObject({ answered: 201 });
      expect(await askUntilDone({ endpoint, key: 'second' })).toMatchObject({ answered: 201, how: 'created' });
      expect(made()).toHaveLength(2);
    });

    it('finds that the first request created nothing, and creates', async () => {
      await start([neverMade]);
      expect(await system.ask({ endpoint, key: 'first' })).toMatchObject({ answered: 504 });
      const early = await system.ask({ endpoint, key: 'second', body: another });
      expect(early).toMatchObject({
        answered: 409,
        problem: { code: 'REQUEST_IN_PROGRESS', facts: { idempotencyKey: 'second' } },
      });
      expect(retryAfterOf(early)).toBeGreaterThan(60_000);
      expect(creates()).toBe(1);
      expect(await askUntilDone({ endpoint, key: 'second', body: another })).toMatchObject({ answered: 201 });
      expect(await askUntilDone({ endpoint, key: 'first' })).toMatchObject({ answered: 201, how: 'created' });
      expect(made()).toHaveLength(2);
    });

    it('cannot resolve a first request with another body, and sends nothing until that is resolved', async () => {
      await start([lost]);
      expect(
        await system.ask({ endpoint, key: 'first', withinMs: 9_000, dies: dyingAt('after PingOne create') }),
      ).toMatchObject({ answered: 'died' });
      await system.pass(42_000);
      const second = await system.ask({ endpoint, key: 'second', body: another });
      expect(second).toMatchObject({ answered: 409, problem: { code: 'REQUEST_IN_PROGRESS' } });
      // The answer does not name a resource that may be another caller's.
      expect(JSON.stringify(second)).not.toContain(made()[0]);
      expect(creates()).toBe(1);
      expect(await askUntilDone({ endpoint, key: 'first' })).toMatchObject({ answered: 201, how: 'adopted' });
      expect(await askUntilDone({ endpoint, key: 'second', body: another })).toMatchObject({
        answered: 201,
        how: 'created',
      });
    });

    it('creates twenty resources for twenty concurrent requests', async () => {
      await start();
      const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
      const answer = await Promise.all(keys.map((key) => askUntilDone({ endpoint, key })));
      expect(new Set(answer.map(idOf)).size).toBe(20);
      expect(made()).toHaveLength(20);
    });
  });

  describe('without a key', () => {
    it('joins an equal open request, and gets its key', async () => {
      await start([neverMade]);
      const first = await system.ask({ endpoint });
      expect(first).toMatchObject({ answered: 504 });
      const second = await system.ask({ endpoint });
      expect(second.answered).toBe(504);
      expect(keyOf(second)).toBe(keyOf(first));
      expect(creates()).toBe(1);
      await system.pass(retryAfterOf(second));
      expect(await system.ask({ endpoint })).toMatchObject({ answered: 201 });
      expect(await system.ask({ endpoint, key: keyOf(first) })).toMatchObject({
        answered: 201,
        how: 'replayed',
        id: made()[0],
      });
      expect(made()).toHaveLength(1);
    });

    it('joins no request of another caller or with another body', async () => {
      await start([{ kind: 'createLate', afterMs: 3_000, answer: 'created' }]);
      const first = system.ask({ endpoint });
      await system.pass(1_000);
      expect(await system.ask({ endpoint, caller: 'bob' })).toMatchObject({ answered: 409 });
      expect(await system.ask({ endpoint, body: another })).toMatchObject({ answered: 409 });
      expect(await first).toMatchObject({ answered: 201 });
    });

    it('never gets the resource of another caller’s open request', async () => {
      await start([lost]);
      await system.ask({ endpoint, arrivalID: 'hers', dies: dyingAt('after PingOne create') });
      await system.pass(42_000);
      const his = await system.ask({ endpoint, caller: 'bob' });
      expect(his).toMatchObject({ answered: 201, how: 'created', id: made()[1] });
      expect(await system.ask({ endpoint, key: 'hers' })).toMatchObject({
        answered: 201,
        how: 'replayed',
        id: made()[0],
      });
    });

    it('repeated within a minute after its outcome, gets the same resource', async () => {
      await start();
      const first = await system.ask({ endpoint });
      await system.pass(59_000);
      expect(await system.ask({ endpoint })).toMatchObject({ answered: 201, how: 'replayed', id: idOf(first) });
      expect(await system.ask({ endpoint, caller: 'bob' })).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint, body: another })).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint })).toMatchObject({ answered: 201, how: 'replayed', id: idOf(first) });
      expect(made()).toHaveLength(4);
    });

    it('repeated within a minute after another request has settled it, gets the same resource', async () => {
      await start([lost]);
      await system.ask({ endpoint, dies: dyingAt('after PingOne create') });
      await system.pass(42_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint })).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
      expect(made()).toHaveLength(2);
    });

    it('repeated later, or with a window of 0, creates another resource', async () => {
      await start();
      await system.ask({ endpoint });
      await system.pass(70_001);
      await system.ask({ endpoint });
      expect(made()).toHaveLength(2);
      await system.close();
      await start([], { timings: { keylessReplay: 0 } });
      await system.ask({ endpoint });
      await system.ask({ endpoint });
      expect(made()).toHaveLength(2);
    });
  });

  const steps: Step[] = ['ledger claim', 'ledger hold', 'PingOne create', 'ledger assign', 'ledger close'].flatMap(
    (call): Step[] => [`before ${call}`, `after ${call}`],
  );

  describe('killed', () => {
    it.each(steps)('%s heals: one retry with its key, one resource', async (step) => {
      await start();
      expect(await system.ask({ endpoint, key: 'k', dies: dyingAt(step) })).toEqual({ answered: 'died' });
      expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, id: made()[0] });
      expect(made()).toHaveLength(1);
      expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({
        answered: 201,
        how: 'replayed',
        id: made()[0],
      });
      expect(await askUntilDone({ endpoint, key: 'other' })).toMatchObject({ answered: 201, id: made()[1] });
    });

    it.each(['ledger release', 'ledger rejected'].flatMap((call): Step[] => [`before ${call}`, `after ${call}`]))(
      '%s, after a refusal, heals too',
      async (step) => {
        await start([{ kind: 'refuse', status: 400, code: 'INVALID_DATA' }]);
        expect(await system.ask({ endpoint, key: 'k', dies: dyingAt(step) })).toEqual({ answered: 'died' });
        expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, id: made()[0] });
        expect(made()).toHaveLength(1);
      },
    );

    it.each(
      ['PingOne list', 'ledger assign', 'ledger close', 'PingOne read'].flatMap((call): Step[] => [
        `before ${call}`,
        `after ${call}`,
      ]),
    )('%s, while it resolves, heals too', async (step) => {
      await start([lost]);
      expect(await system.ask({ endpoint, key: 'k', dies: dyingAt(step) })).toEqual({ answered: 'died' });
      expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, id: made()[0] });
      expect(made()).toHaveLength(1);
    });

    it.each<Step>(['before ledger renew', 'after ledger renew'])('%s, after a 429, heals too', async (step) => {
      await start([{ kind: 'limit', retryAfter: 1 }]);
      expect(await system.ask({ endpoint, key: 'k', dies: dyingAt(step) })).toEqual({ answered: 'died' });
      expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, id: made()[0] });
      expect(made()).toHaveLength(1);
    });

    it('before it holds its name blocks no other request for the name', async () => {
      await start();
      await system.ask({ endpoint, key: 'k', dies: dyingAt('after ledger claim') });
      expect(await system.ask({ endpoint, key: 'other' })).toMatchObject({ answered: 201, how: 'created' });
      expect(await askUntilDone({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(made()).toHaveLength(2);
    });

    it('before its send blocks another request until the resource of a send would have been listed', async () => {
      await start();
      await system.ask({ endpoint, key: 'k', dies: dyingAt('before PingOne create') });
      await system.pass(77_000);
      expect(await system.ask({ endpoint, key: 'other', withinMs: 500 })).toMatchObject({ answered: 409 });
      await system.pass(1_000);
      expect(await system.ask({ endpoint, key: 'other' })).toMatchObject({ answered: 201, how: 'created' });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(made()).toHaveLength(2);
    });
  });

  describe('a lease that is lost during the create', () => {
    it('still settles the late 201, and the next attempt finds it', async () => {
      await start([{ kind: 'createLate', afterMs: 2_000, answer: 'created' }], {
        timings: { leaseMargin: 100, attempt: 8_000 },
      });
      // Asleep after PingOne's answer, like a frozen function.
      let wake = () => {};
      const asleep = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const frozen = system.ask({ endpoint, key: 'k', sleeps: { 'after PingOne create': asleep } });
      await system.pass(42_000);
      const retried = await system.ask({ endpoint, key: 'k' });
      expect(retried).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
      wake();
      expect(await frozen).toMatchObject({ answered: 201, how: 'created', id: made()[0] });
      expect(made()).toHaveLength(1);
    });

    it('sends nothing after another attempt has taken over the request', async () => {
      await start([{ kind: 'limit', retryAfter: 1 }]);
      let wake = () => {};
      const asleep = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const frozen = system.ask({ endpoint, key: 'k', sleeps: { 'before ledger renew': asleep } });
      await system.pass(42_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 504 });
      wake();
      expect(await frozen).toMatchObject({ answered: 409, problem: { code: 'REQUEST_IN_PROGRESS' } });
      expect(creates()).toBe(1);
    });

    it('raises an alarm with both ids if the request got a second resource meanwhile', async () => {
      await start([], { timings: { graceLost: 1_000 } });
      let wake = () => {};
      const asleep = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const frozen = system.ask({ endpoint, key: 'k', sleeps: { 'before PingOne create': asleep } });
      await system.pass(42_000);
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      wake();
      await frozen;
      expect(made()).toHaveLength(2);
      expect(system.logged).toContainEqual(expect.objectContaining({ alarm: 'SECOND_RESOURCE', resources: made() }));
    });
  });

  describe('when the ledger fails', () => {
    it('before the first send: 503, and nothing is sent', async () => {
      await start([], {
        intercept: async (moment, { service }) =>
          moment === 'before' && service.startsWith('DynamoDB') ? throttled() : undefined,
      });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({
        answered: 503,
        problem: { code: 'LEDGER_UNAVAILABLE', facts: { idempotencyKey: 'k' } },
      });
      expect(creates()).toBe(0);
    });

    it('to record the 201: unknown, until a retry finds it', async () => {
      let broken = false;
      await start([], {
        intercept: async (moment, { service, input }) => {
          broken ||= /"#taken":"taken |":state":{"S":"created"/.test(JSON.stringify(input));
          return moment === 'before' && broken && service.startsWith('DynamoDB') ? throttled() : undefined;
        },
      });
      const first = await system.ask({ endpoint, key: 'k' });
      expect(first).toMatchObject({
        answered: 504,
        problem: { code: 'OUTCOME_UNKNOWN', facts: { idempotencyKey: 'k' } },
      });
      expect(made()).toHaveLength(1);
    });

    it('to close the request for a while: the request is closed nevertheless', async () => {
      let throttles = 4;
      await start([], {
        intercept: async (moment, { input }) => {
          const closes = JSON.stringify(input).includes('":state":{"S":"created"}');
          return moment === 'before' && closes && throttles-- > 0 ? throttled() : undefined;
        },
      });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
      expect(throttles).toBeLessThan(0);
      const open = await system.clock.during(
        openRequests({ dynamo: system.dynamo, table: ledgerTable, endpoints, now: () => Number.MAX_SAFE_INTEGER }),
      );
      expect(open).toEqual([]);
    });

    it('to answer a write that it applied: the request succeeds', async () => {
      const seen = new Set<string>();
      await start([], {
        intercept: async (moment, { operation, input }) => {
          const first = moment === 'after' && operation === 'UpdateItem' && !seen.has(JSON.stringify(input));
          if (first) seen.add(JSON.stringify(input));
          return first ? 'reset' : undefined;
        },
      });
      expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created', id: made()[0] });
      expect(seen.size).toBeGreaterThanOrEqual(5);
      expect(made()).toHaveLength(1);
    });
  });

  it('rejects a name that has its maximum of resources, but not the request that created the last of them', async () => {
    await start();
    const name = `${endpoint.name}#name#${nameIDsOf(endpoint, endpoint.example.parameters, endpoint.example.body).name}`;
    const taken = Array.from({ length: 999 }, (_, index) => [`t${index}`, assignmentMember(`other ${index}`)] as const);
    await system.clock.during(
      system.table.change(name, {
        set: Object.fromEntries(taken.map(([alias]) => [alias, 'another request'])),
        names: Object.fromEntries(taken),
        condition: 'attribute_not_exists(pk)',
      }),
    );
    await system.ask({ endpoint, key: 'last', dies: dyingAt('after ledger assign') });
    await system.pass(42_000);
    expect(await askUntilDone({ endpoint, key: 'last' })).toMatchObject({ answered: 201, id: made()[0] });
    expect(await system.ask({ endpoint, key: 'one more' })).toMatchObject({
      answered: 409,
      problem: { code: 'NAME_EXHAUSTED' },
    });
    expect(made()).toHaveLength(1);
  });

  it('reads the ledger consistently, and writes no part of a body, a token or a secret to it', async () => {
    await start([lost]);
    await askUntilDone({ endpoint, key: 'my own key' });
    await askUntilDone({ endpoint, key: 'my own key' });
    await Promise.all([system.ask({ endpoint, key: 'a' }), system.ask({ endpoint, key: 'b' })]);
    const calls = system.aws.requests.filter(({ service }) => service.startsWith('DynamoDB'));
    const reads = calls.filter(({ operation }) => operation === 'GetItem');
    expect(reads.length).toBeGreaterThan(0);
    for (const { input } of reads) expect(input).toMatchObject({ ConsistentRead: true });
    expect(new Set(calls.map(({ operation }) => operation))).toEqual(new Set(['GetItem', 'UpdateItem']));
    const written = JSON.stringify(calls);
    for (const secret of [String(endpoint.example.body.name), 'my own key', system.sandbox.secret.clientSecret]) {
      expect(written).not.toContain(secret);
    }
  });
});
