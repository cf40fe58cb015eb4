import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { DeployTimes } from '../../lib/deploy/attempt.ts';
import { Covered, deploy } from '../../lib/deploy/deploy.ts';
import { serviceOf } from '../../lib/deploy/service.ts';
import { deploymentItem } from '../../lib/ledger/deployment-item.ts';
import { openDeployments } from '../../lib/ledger/deployments.ts';
import { deploymentKey } from '../../lib/ledger/pending-deployments.ts';
import { Problem } from '../../lib/problems.ts';
import { type Answer, AnswerLost, NotSent } from '../../lib/runtime/connection.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import type { Item } from '../harness/dynamodb/apply-change.ts';
import { itemTable } from '../harness/dynamodb/item-table.ts';
import { manualClock } from '../harness/manual-clock.ts';
import { endpoint } from './deployed-system.ts';

/** One attempt on each state of the ledger's item, with each answer of PingOne. */

const now = Date.parse('2030-01-01T00:00:00Z');
const clockSkewMs = 10_000;
const found = serviceOf(endpoint, endpoint.example.parameters);
if (!found) throw new Error('the endpoint needs no deployment');
const service = found;
const key = deploymentKey(endpoint.name, service.path);

const answer = (status: number, body: unknown = {}, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { date: new Date(now).toUTCString(), ...headers },
  body: Buffer.from(JSON.stringify(body)),
});
const state = (code: string, deployedAt?: number, error?: string) =>
  answer(200, {
    ...(deployedAt !== undefined && { deployedAt: new Date(deployedAt).toISOString() }),
    status: { code, ...(error !== undefined && { error: { code: error } }) },
  });
const successful = state('DEPLOYMENT_SUCCESSFUL', now + 2_000);
const pingOneError = { id: 'x', code: 'ACCESS_FAILED', message: 'No.' };

type Answering = Answer | Error;

interface Attempted {
  readonly item?: Item;
  /** PingOne's answers to deployments, then to reads of the state. */
  readonly sent?: readonly Answering[];
  readonly read?: readonly Answering[];
  readonly times?: Partial<DeployTimes>;
}

const attempted = async ({ item, sent = [], read = [], times }: Attempted) => {
  const { clock } = manualClock(now);
  const items = new Map([[key, item]]);
  const calls: string[] = [];
  const next = (call: string, answers: Answering[]): Answer => {
    calls.push(call);
    const one = answers.shift();
    if (one === undefined || one instanceof Error) throw one ?? new Error(`no answer left for ${call}`);
    return one;
  };
  const [sends, reads] = [[...sent], [...read]];
  const logged: unknown[] = [];
  const result = await deploy(
    {
      deployments: () => openDeployments(itemTable(items), endpoint.name, clockSkewMs),
      pingOne: {
        token: async () => ({ value: 'token', api: targetOf('https://api.example/v1') }),
        refused: () => calls.push('refused'),
        get: async () => next('read', reads),
      },
      send: async () => next('deploy', sends),
      clock,
      clockSkewMs,
      newOwner: () => 'me',
      log: (level, entry) => logged.push([level, entry]),
    },
    service,
    { sendBy: now + 20_000, deadline: now + 28_000, ...times },
  ).catch((error: unknown) => error);
  return { result, calls, item: itemOf(items.get(key)), logged };
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
