import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../infra/local/sandbox/failure.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { defaultTimings as timings } from '../../lib/provision/timings.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type CallerAnswer, type Step, type System, type SystemOptions, startSystem } from '../harness/system.ts';

/** The schedules that test/explore found, over the real SDK. */

let system: System;
afterEach(() => system.close());
const start = async (options: SystemOptions = {}) => {
  system = await startSystem({ ...options, dynalite: true });
};

const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);

/** Repeats a request without a key, as PingOne's own SDKs do. */
const repeatUntilDone = async (): Promise<CallerAnswer> => {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await system.ask({ endpoint });
    if (answer.answered === 201) return answer;
    await system.pass(1_000 + ('problem' in answer ? (answer.problem.facts.retryAfterMs ?? 0) : 0));
  }
  throw new Error('still not done after ten tries');
};

describe('the first send of a request', () => {
  it.each([1_000, 2_500])('has the time at which it left, if PingOne fails after %i ms', async (afterMs) => {
    let failed = false;
    await start({
      sandbox: {
        faults: {
          create: () => (failed ? undefined : { kind: 'createLate', afterMs, answer: 'created' }),
          list: () => undefined,
        },
        intercept: async (moment) => {
          if (moment !== 'after' || failed) return undefined;
          failed = true;
          return failure(500);
        },
        // Created at once, by a clock that is nearly as far behind as promised.
        alter: (_, outgoing) => {
          if (typeof outgoing !== 'object' || !('body' in outgoing)) return outgoing;
          const body = String(outgoing.body).replace(/(?<="createdAt":")[^"]+/g, (time) =>
            new Date(Date.parse(time) - afterMs - timings.pingOneSkew + 500).toISOString(),
          );
          return { ...outgoing, body };
        },
      },
    });
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'adopted', id: made()[0] });
    expect(made()).toHaveLength(1);
  });
});

describe('a closed request', () => {
  it("stays closed if a later attempt's unknown outcome is written late", async () => {
    await start();
    const ledger = openLedger(system.table, endpoint.name, timings.clockSkew);
    const arrival = { caller: 'c', fingerprint: 'f', name: 'n', parameters: {}, arrivalID: 'a', key: undefined };
    const sends = { firstSent: 1_000, endedBy: 9_000, graceMs: 60_000 };
    const [first, second] = [
      { id: 'r', owner: 'first', lease: 10_000 },
      { id: 'r', owner: 'second', lease: 60_000 },
    ];
    await ledger.claim(first, arrival, 0);
    await ledger.renew(first, sends, 1_000);
    expect(await ledger.claim(second, arrival, 30_000)).toMatchObject({ isOwner: true });
    expect(await ledger.unknown(second, sends, 31_000)).toBe(true);
    expect(await ledger.unknown(second, sends, 31_000)).toBe(true);
    expect(await ledger.created(first, 'resource', 32_000)).toBe(true);
    expect(await ledger.unknown(second, sends, 31_000)).toBe(false);
    expect(await ledger.read('r')).toMatchObject({ state: 'created', resource: 'resource' });
  });
});

describe('an event whose key has another body', () => {
  it('gets no final KEY_REUSED once it was redelivered and owns the key', async () => {
    await start();
    const ledger = openLedger(system.table, endpoint.name, timings.clockSkew);
    const arrival = { caller: 'c', name: 'n', parameters: {}, key: undefined };
    const [first, second] = [
      { ...arrival, arrivalID: 'a', fingerprint: 'f' },
      { ...arrival, arrivalID: 'e', fingerprint: 'g' },
    ];
    const claimOf = (owner: string) => ({ id: 'r', owner, lease: 30_000 });
    const reused = { problem: 'KEY_REUSED', status: 422, codes: ['KEY_REUSED'] };
    const refused = { problem: 'PINGONE_REFUSED', status: 400, codes: ['INVALID_DATA'] };
    const answerSecond = () => ledger.answerFinally('r', second, reused);
    await ledger.claim(claimOf('first'), first, 0);
    await ledger.rejected(claimOf('first'), refused, 1_000);
    expect(await ledger.claim(claimOf('second'), second, 2_000)).toMatchObject({ isOwner: true });
    expect(await answerSecond()).toBe(false);
    await ledger.rejected(claimOf('second'), refused, 3_000, 'e');
    expect(await ledger.claim(claimOf('third'), first, 4_000)).toMatchObject({ isOwner: true });
    expect(await answerSecond()).toBe(false);
    expect(await ledger.finalAnswer('r', 'e')).toEqual(refused);
    expect(await ledger.answerFinally('r', { ...second, arrivalID: 'f' }, reused)).toBe(true);
    expect(await ledger.finalAnswer('r', 'f')).toEqual(reused);
  });
});

describe('a repeated request without a key', () => {
  it('joins a request whose resource is recorded, and which is not closed yet', async () => {
    await start();
    let thaw = () => {};
    const until = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    const first = system.ask({ endpoint, sleeps: { 'before ledger close': until } });
    await system.pass(1_000);
    expect(made()).toHaveLength(1);
    expect(await system.ask({ endpoint })).toMatchObject({ answered: 409, problem: { code: 'REQUEST_IN_PROGRESS' } });
    thaw();
    expect(await first).toMatchObject({ answered: 201, id: made()[0] });
    expect(await repeatUntilDone()).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
    expect(made()).toHaveLength(1);
  });

  it('gets the resource even if an earlier repetition died while it joined', async () => {
    await start();
    expect(await system.ask({ endpoint })).toMatchObject({ answered: 201, how: 'created' });
    const dies = (step: Step) => step === 'before ledger rejected';
    expect(await system.ask({ endpoint, dies })).toEqual({ answered: 'died' });
    expect(await repeatUntilDone()).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
    expect(made()).toHaveLength(1);
  });
});
