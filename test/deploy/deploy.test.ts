import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { DeployTimes } from '../../lib/deploy/attempt.ts';
import { Covered, deploy } from '../../lib/deploy/deploy.ts';
import { deploymentItem } from '../../lib/ledger/deployment-item.ts';
import { Problem } from '../../lib/problems.ts';
import { AnswerLost, NotSent } from '../../lib/runtime/connection.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import {
  type Answering,
  answer,
  clockSkewMs,
  key,
  now,
  pingOneError,
  type Script,
  scripted,
  service,
  state,
  successful,
} from '../harness/scripted-deployments.ts';

/** One attempt on each state of the ledger's item, with each answer of PingOne. */

interface Attempted extends Script {
  readonly times?: Partial<DeployTimes>;
}

const attempted = async ({ times, ...script }: Attempted) => {
  const { parts, items, ...noted } = scripted(script);
  const all = { sendBy: now + 20_000, deadline: now + 28_000, ...times };
  const result = await deploy(parts, service, all).catch((error: unknown) => error);
  return { result, ...noted, item: itemOf(items.get(key)) };
};

/** The members of an item that deployments use. */
const itemOf = (item: Item = {}) => z.parse(deploymentItem, item);

const problemOf = ({ result }: Awaited<ReturnType<typeof attempted>>) => {
  if (!(result instanceof Problem)) throw new Error(`no problem: ${JSON.stringify(result)}`);
  return { code: result.code, retryAfterMs: result.facts.retryAfterMs, detail: result.message };
};

describe('an attempt without the lease', () => {
  it.each<[string, Item, Partial<DeployTimes>, number]>([
    ['of a lease that ends in 2 s', { owner: 'other', lease: now - 8_000 }, {}, 2_000],
    ['of a lease that ends later', { owner: 'other', lease: now + 30_000 }, {}, 10_000],
    ['of less than a second', { owner: 'other', lease: now - clockSkewMs + 1 }, {}, 1_000],
    ['of a lease, without another wait', { wanted: 1, owner: 'other', lease: now + 30_000 }, { pending: 1 }, 10_000],
    ['of a wait that is longer than the lease', { wanted: 1, retryAt: now + 90_000 }, { pending: 1 }, 90_000],
    [
      'of a lease, whatever the wait of pending deployments',
      { owner: 'other', lease: now + 30_000, retryAt: now + 90_000 },
      {},
      10_000,
    ],
  ])('sends and reads nothing, and says how long to wait: because %s', async (_, item, times, retryAfterMs) => {
    const ended = await attempted({ item, times });
    expect(problemOf(ended)).toMatchObject({ code: 'NAME_BUSY', retryAfterMs });
    expect([ended.calls, ended.item]).toEqual([[], itemOf(item)]);
  });

  it('says that an earlier deployment covers its number', async () => {
    const item = { wanted: 3, deployed: 2 };
    const { result, calls } = await attempted({ item, times: { pending: 2 } });
    expect(result).toBeInstanceOf(Covered);
    expect(result).toMatchObject({ item: itemOf(item) });
    expect(calls).toEqual([]);
  });

  it('is no covered one without a number, or with a later one', async () => {
    const item = { wanted: 3, deployed: 2, owner: 'other', lease: now + 1 };
    for (const times of [{}, { pending: 3 }]) {
      expect(problemOf(await attempted({ item, times })).code).toBe('NAME_BUSY');
    }
  });
});

describe('an attempt with the lease', () => {
  it.each([
    [now + 2_000, now + 2_000],
    [undefined, now],
  ])('deploys, and records what it covers and when: %j', async (at, deployedAt) => {
    const ended = await attempted({ item: { wanted: 3, wantedAt: 1 }, sent: [state('DEPLOYMENT_SUCCESSFUL', at)] });
    expect(ended.result).toMatchObject({ state: { is: 'deployed' }, covers: 3 });
    expect([ended.calls, ended.item]).toEqual([['deploy'], itemOf({ wanted: 3, deployed: 3, deployedAt })]);
    expect(ended.logged).toEqual([]);
  });

  it('leaves a deployment to the next attempt with less than 5 s to answer', async () => {
    expect((await attempted({ times: { sendBy: now + 5_000 }, sent: [successful] })).calls).toEqual(['deploy']);
    const ended = await attempted({ times: { sendBy: now + 4_999 } });
    expect(problemOf(ended)).toMatchObject({ code: 'NAME_BUSY', retryAfterMs: 1_000 });
    expect([ended.calls, ended.item]).toEqual([[], itemOf({ retryAt: now })]);
  });

  it.each<[string, Answering, string, number, string]>([
    ['a failure of PingOne', state('DEPLOYMENT_FAILED', undefined, 'BAD_RULE'), '', 40_000, 'BAD_RULE'],
    ['a refusal', answer(403, pingOneError), 'PINGONE_REFUSED', 40_000, 'ACCESS_FAILED'],
    ['a refusal without a PingOne error', answer(404), 'PINGONE_REFUSED', 40_000, 'NOT_FOUND'],
  ])('counts %s, and waits longer after each', async (_, reply, code, waitMs, error) => {
    const ended = await attempted({ item: { wanted: 1, failures: 2 }, sent: [reply] });
    if (code) expect(problemOf(ended).code).toBe(code);
    else expect(ended.result).toMatchObject({ state: { is: 'failed' }, covers: 1 });
    expect(ended.item).toEqual(itemOf({ wanted: 1, failures: 3, error, retryAt: now + waitMs }));
  });

  it.each<[string, Answering, number]>([
    ['429 with a wait', answer(429, {}, { 'retry-after': '300' }), 300_000],
    ['429 with a short wait', answer(429, {}, { 'retry-after': '1' }), 10_000],
    ['409', answer(409, pingOneError), 10_000],
    ['no connection', new NotSent('refused'), 10_000],
  ])('counts no failure after %s', async (_, reply, waitMs) => {
    const ended = await attempted({ item: { wanted: 1, failures: 2 }, sent: [reply] });
    expect(ended.item).toEqual(itemOf({ wanted: 1, failures: 2, retryAt: now + waitMs }));
  });

  it('gets the token first, and leases the service until 5 s after its deadline', async () => {
    const noToken = new Problem('PINGONE_UNREACHABLE', 'No token.');
    const without = await attempted({
      item: { wanted: 1 },
      token: () => {
        throw noToken;
      },
    });
    expect([without.result, without.deadlines.token]).toEqual([noToken, [now + 20_000]]);
    expect(without.item).toEqual(itemOf({ wanted: 1 }));
    const leased: unknown[] = [];
    const seen: Answering = ({ items }) => {
      leased.push(items.get(key)?.lease);
      return successful;
    };
    const { deployments } = await attempted({ sent: [seen] });
    expect(leased).toEqual([now + 33_000]);
    expect(deployments).toEqual([{ path: service.path, timeoutMs: 20_000 }]);
  });

  it('sends nothing again with less than 5 s to answer', async () => {
    const refusedAfter =
      (ms: number): Answering =>
      ({ pass }) => {
        pass(ms);
        return answer(401);
      };
    expect((await attempted({ sent: [refusedAfter(15_000), successful] })).deployments).toMatchObject([
      {},
      { timeoutMs: 5_000 },
    ]);
    const ended = await attempted({ sent: [refusedAfter(15_001), successful] });
    expect(problemOf(ended).code).toBe('PINGONE_ACCESS_FAILED');
    expect(ended.calls).toEqual(['deploy', 'refused']);
  });

  it('fetches a new token once', async () => {
    const once = await attempted({ sent: [answer(401), successful] });
    expect([once.calls, once.result]).toMatchObject([['deploy', 'refused', 'deploy'], { state: { is: 'deployed' } }]);
    const twice = await attempted({ sent: [answer(401), answer(401)] });
    expect(twice.calls).toEqual(['deploy', 'refused', 'deploy', 'refused']);
    expect([problemOf(twice).code, twice.item.error]).toEqual(['PINGONE_ACCESS_FAILED', 'PINGONE_ACCESS_FAILED']);
  });

  const open = { openBy: 'me', openSince: now, openCovers: 2, retryAt: now + 10_000 };

  it('leaves open what PingOne is still deploying', async () => {
    const ended = await attempted({ item: { wanted: 2 }, sent: [state('DEPLOYMENT_IN_PROGRESS')] });
    expect(ended.result).toMatchObject({ state: { is: 'deploying' } });
    expect(ended.item).toEqual(itemOf({ wanted: 2, failures: 0, ...open }));
  });

  it.each<[string, Answering, RegExp]>([
    ['runs', state('DEPLOYMENT_IN_PROGRESS'), /^PingOne is still deploying/],
    ['cannot be read', new AnswerLost('reset'), /^PingOne's answer was lost/],
    ['is that of an earlier one', state('DEPLOYMENT_SUCCESSFUL', now - 1), /^PingOne's answer was lost/],
    ['is none', state('DEPLOYMENT_UNINITIALIZED'), /^PingOne's answer was lost/],
  ])('looks after a lost answer, and leaves the deployment open if its state %s', async (_, read, detail) => {
    const ended = await attempted({ item: { wanted: 2 }, sent: [new AnswerLost('reset')], read: [read] });
    expect(problemOf(ended)).toMatchObject({ code: 'DEPLOYMENT_UNKNOWN', detail: expect.stringMatching(detail) });
    expect([ended.calls, ended.item]).toEqual([['deploy', 'read'], itemOf({ wanted: 2, ...open })]);
  });

  it('takes a later deployment for its own after a lost answer', async () => {
    const ended = await attempted({ item: { wanted: 2 }, sent: [new AnswerLost('reset')], read: [successful] });
    expect(ended.result).toMatchObject({ state: { is: 'deployed' }, covers: 2 });
    expect(ended.item).toEqual(itemOf({ wanted: 2, deployed: 2, deployedAt: now + 2_000, failures: 0 }));
  });
});

describe('an attempt after a deployment without a known end', () => {
  const earlier = { wanted: 2, openBy: 'other', openSince: now - 60_000, openCovers: 1 };

  it.each<[string, Answering, string, number]>([
    ['runs', state('DEPLOYMENT_IN_PROGRESS'), 'NAME_BUSY', 10_000],
    ['cannot be read', new AnswerLost('reset'), 'DEPLOYMENT_UNKNOWN', 30_000],
    ['is unreadable', answer(200, []), 'DEPLOYMENT_UNKNOWN', 30_000],
    ['may not be read for now', answer(429, {}, { 'retry-after': '60' }), 'REQUEST_LIMITED', 60_000],
  ])('deploys nothing if its state %s, and waits', async (_, read, code, waitMs) => {
    const ended = await attempted({ item: earlier, read: [read], times: { pending: 2 } });
    expect(problemOf(ended).code).toBe(code);
    expect([ended.calls, ended.item]).toEqual([['read'], itemOf({ ...earlier, retryAt: now + waitMs })]);
  });

  it('records it if it has ended since, and deploys nothing for a pending deployment', async () => {
    const ended = await attempted({ item: earlier, read: [successful], times: { pending: 2 } });
    expect([ended.calls, ended.result]).toMatchObject([['read'], { covers: 1 }]);
    expect(ended.item).toMatchObject({ wanted: 2, deployed: 1, deployedAt: now + 2_000 });
  });

  it.each<[string, Attempted]>([
    ['it ended before that', { item: earlier, read: [state('DEPLOYMENT_SUCCESSFUL', now - 50_001)] }],
    ['nothing is deployed', { item: earlier, read: [state('DEPLOYMENT_UNINITIALIZED')] }],
    ['its number is unknown', { item: { wanted: 2, openBy: 'other', openSince: now - 60_000 }, read: [successful] }],
  ])('deploys if %s', async (_, options) => {
    const ended = await attempted({ ...options, sent: [successful], times: { pending: 2 } });
    expect([ended.calls, ended.result]).toMatchObject([['read', 'deploy'], { covers: 2 }]);
  });

  it('deploys for a call in any case', async () => {
    const ended = await attempted({ item: earlier, read: [successful], sent: [successful] });
    expect([ended.calls, ended.result]).toMatchObject([['read', 'deploy'], { covers: 2 }]);
  });
});
