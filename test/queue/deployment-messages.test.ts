import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { pendingDeploymentMessage } from '../../lib/deploy/pending-deployment.ts';
import { serviceOf } from '../../lib/deploy/service.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { LedgerUnavailable } from '../../lib/ledger/table.ts';
import { deployQueueHandler } from '../../lib/queue/deployments.ts';
import { AnswerLost, NotSent } from '../../lib/runtime/connection.ts';
import { endpoint } from '../harness/deployable-endpoint.ts';
import {
  type Answering,
  answer,
  key,
  now,
  pingOneError,
  type Script,
  scripted,
  service,
  state,
  successful,
} from '../harness/scripted-deployments.ts';

/** One batch of messages, on each state of their service and with each answer of PingOne. */

const callerWith = (name: string, deploy: readonly ('call' | 'after')[]): GrantsDocument['callers'][number] => {
  const caller = callerOfAll(name, [{ jwt: { issuer: 'https://issuer.example', client: name } }]);
  return { ...caller, grants: caller.grants.map((grant) => ({ ...grant, deploy: [...deploy] })) };
};
const grants = parseGrants({ version: '1', callers: [callerWith('alice', ['after']), callerWith('bob', ['call'])] });
const { parameters } = endpoint.example;

interface Message {
  readonly number: number;
  readonly caller?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly receives?: number;
}

const recordOf = (message: Message | string, nth: number): Partial<SQSRecord> => {
  const { receives = 1, ...pending } = typeof message === 'string' ? { number: 0 } : message;
  const whole = { requestID: `r${pending.number}`, caller: 'alice', parameters, resource: 'i', ...pending };
  return {
    messageId: `m${nth}`,
    body: typeof message === 'string' ? message : pendingDeploymentMessage(whole),
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(now),
      SenderId: 's',
      SentTimestamp: String(now),
    },
  };
};

interface Batch extends Script {
  readonly messages?: readonly (Message | string)[];
  /** The call of the ledger that fails: the first one reads, the second one leases. */
  readonly ledgerFails?: 1 | 2;
}

/** All results of a batch, whose function has 60 s. */
const handled = async ({ messages = [{ number: 1 }], ledgerFails, ...script }: Batch) => {
  const { parts, items, calls, deployments, deadlines, logged } = scripted(script);
  const published: object[] = [];
  const waits: [string, number][] = [];
  const deadLetters: object[] = [];
  const lastCalls = new Set<number>();
  const handler = deployQueueHandler({
    ...parts,
    deployments: (deadline) => {
      const ledger = parts.deployments(deadline);
      if (deadlines.ledger.length === ledgerFails) throw new LedgerUnavailable('no ledger');
      return ledger;
    },
    endpoint,
    grants,
    outbox: () => (handle) =>
      handle(async (_, kind, detail, deadline) => {
        lastCalls.add(deadline);
        published.push({ kind, ...detail });
      }),
    queues: {
      deadLetter: async ({ messageId }, Reason, Code, deadline) => {
        lastCalls.add(deadline);
        deadLetters.push({ messageId, Reason, Code });
      },
      postpone: async ({ messageId }, waitMs, deadline) => {
        lastCalls.add(deadline);
        waits.push([messageId, waitMs]);
      },
    },
  });
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const { batchItemFailures } = await handler(Object({ Records: messages.map(recordOf) }), Object(context));
  const again = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return {
    ...{ calls, deployments, deadlines, published, waits, deadLetters, again },
    lastCalls: [...lastCalls].map((deadline) => deadline - now),
    logged: logged.map((line) => Object(line)),
    item: Object(items.get(key)),
  };
};

const iso = (time: number) => new Date(time).toISOString();
const deployed = (number: number, deployedAt = now + 2_000) => ({
  ...{ kind: 'Deployed', version: '1', id: `r${number} Deployed`, requestID: `r${number}`, parameters },
  ...{ resource: { id: 'i' }, finishedAt: iso(now), deployedAt: iso(deployedAt) },
});
const failure = (number: number, nth: number, failed: object) => ({
  ...{ kind: 'DeploymentFailed', version: '1', id: `r${number} DeploymentFailed ${nth}`, requestID: `r${number}` },
  ...{ parameters, resource: { id: 'i' }, finishedAt: iso(now), isRetried: true, ...failed },
});

describe('the messages of a service', () => {
  it.each([[[1, 2, 3]], [[3, 1, 2]], [[2, 3, 1]]])('with numbers %j end after one deployment', async (numbers) => {
    const messages = numbers.map((number) => ({ number }));
    const ended = await handled({
      messages,
      item: { wanted: 3, deployed: 1, deployedAt: now - 1 },
      sent: [successful],
    });
    expect(ended.calls).toEqual(['deploy']);
    expect(ended.published).toEqual(numbers.map((number) => deployed(number)));
    expect([ended.waits, ended.again, ended.item.deployed]).toEqual([[], [], 3]);
  });

  it("deploy and publish in time before the function's end", async () => {
    const late: Answering = new AnswerLost('reset');
    const { deployments, deadlines, lastCalls } = await handled({
      item: { wanted: 1 },
      sent: [late],
      read: [successful],
    });
    expect(deployments).toEqual([{ path: service.path, timeoutMs: 45_000 }]);
    expect(deadlines.token).toEqual([now + 45_000, now + 45_000]);
    expect([...deadlines.ledger, ...deadlines.read]).toEqual([now + 52_000, now + 52_000, now + 52_000]);
    expect(lastCalls).toEqual([59_000]);
    const waiting = await handled({ item: { wanted: 1 }, sent: [new NotSent('refused')] });
    expect(waiting.lastCalls).toEqual([59_000]);
  });

  it('end without a deployment if an earlier one covers them', async () => {
    const item = { wanted: 3, deployed: 2, deployedAt: now - 5_000 };
    const ended = await handled({ messages: [{ number: 1 }, { number: 2 }], item });
    expect([ended.calls, ended.deadlines.token]).toEqual([[], []]);
    expect(ended.published).toEqual([deployed(1, now - 5_000), deployed(2, now - 5_000)]);
    expect(ended.again).toEqual([]);
  });

  it('end if another function deploys before this one has the lease', async () => {
    const ended = await handled({
      messages: [{ number: 1 }, { number: 2 }],
      item: { wanted: 2 },
      token: ({ items }) => items.set(key, { wanted: 2, deployed: 2, deployedAt: now - 1_000 }),
    });
    expect([ended.calls, ended.published]).toEqual([[], [deployed(1, now - 1_000), deployed(2, now - 1_000)]]);
    expect(ended.again).toEqual([]);
  });

  it('end with the time of the gateway, if PingOne gives none', async () => {
    const { published } = await handled({ item: { wanted: 1 }, sent: [state('DEPLOYMENT_SUCCESSFUL')] });
    expect(published).toEqual([deployed(1, now)]);
  });

  it('wait alone if an earlier deployment covers only some', async () => {
    const item = { wanted: 2, openBy: 'other', openSince: now - 60_000, openCovers: 1 };
    const ended = await handled({ messages: [{ number: 1 }, { number: 2 }], item, read: [successful] });
    expect([ended.calls, ended.published]).toEqual([['read'], [deployed(1)]]);
    expect([ended.waits, ended.again]).toEqual([[['m1', 2_000]], ['m1']]);
  });

  it('wait while another attempt has the lease, but for those that are covered', async () => {
    const item = { wanted: 2, deployed: 1, deployedAt: now - 5_000, owner: 'other', lease: now + 60_000 };
    const ended = await handled({ messages: [{ number: 1 }, { number: 2, receives: 4 }], item });
    expect([ended.calls, ended.published]).toEqual([[], [deployed(1, now - 5_000)]]);
    expect([ended.waits, ended.again]).toEqual([[['m1', 16_000]], ['m1']]);
  });

  it.each<[string, Answering, readonly Answering[], number]>([
    ['is still deploying', state('DEPLOYMENT_IN_PROGRESS'), [], 10_000],
    ['is busy', answer(409, pingOneError), [], 10_000],
    ['cannot be reached', new NotSent('refused'), [], 10_000],
    ['limits the rate', answer(429, {}, { 'retry-after': '300' }), [], 300_000],
    ['does not answer', new AnswerLost('reset'), [new AnswerLost('reset')], 30_000],
  ])('wait without a failure if PingOne %s', async (_, sent, read, waitMs) => {
    const item = { wanted: 2, deployed: 1, deployedAt: now - 5_000, failures: 3 };
    const ended = await handled({ messages: [{ number: 1 }, { number: 2 }], item, sent: [sent], read });
    expect(ended.published).toEqual([deployed(1, now - 5_000)]);
    expect([ended.waits, ended.again]).toEqual([[['m1', waitMs]], ['m1']]);
  });

  it.each<[string, Answering, object]>([
    ['reports a failure', state('DEPLOYMENT_FAILED', undefined, 'BAD_RULE'), { status: 200, code: 'BAD_RULE' }],
    ['refuses', answer(403, pingOneError), { status: 403, code: 'ACCESS_FAILED' }],
    ['refuses without an error of its own', answer(404), { status: 404, code: 'NOT_FOUND' }],
  ])('wait, and one reports, if PingOne %s', async (_, sent, failed) => {
    const messages = [{ number: 1 }, { number: 3, receives: 2 }, { number: 2 }];
    const item = { wanted: 3, deployed: 1, deployedAt: now - 5_000, failures: 2 };
    const ended = await handled({ messages, item, sent: [sent] });
    expect(ended.published).toEqual([deployed(1, now - 5_000), failure(3, 2, failed)]);
    expect(Object.fromEntries(ended.waits)).toEqual({ m1: 40_000, m2: 40_000 });
    expect([ended.again, ended.item.failures]).toEqual([['m1', 'm2'], 3]);
    const first = await handled({ messages: [{ number: 1 }], sent: [sent] });
    expect(first.waits).toEqual([['m0', 10_000]]);
  });

  it('wait longer with each receipt', async () => {
    const ended = await handled({ messages: [{ number: 1, receives: 9 }], sent: [new NotSent('refused')] });
    expect(ended.waits).toEqual([['m0', 512_000]]);
  });

  it.each([1, 2] as const)('come again if call %i of the ledger fails, which the log tells', async (ledgerFails) => {
    const ended = await handled({ ledgerFails });
    expect([ended.again, ended.waits, ended.published]).toEqual([['m0'], [], []]);
    expect(ended.logged).toMatchObject([['error', { message: 'm0', error: { name: 'LedgerUnavailable' } }]]);
    expect(ended.deadlines.ledger).toHaveLength(ledgerFails);
  });

  it('leave one line with the grant, and how often the message was received', async () => {
    const { logged } = await handled({
      messages: [{ number: 1, receives: 3 }],
      item: { wanted: 1 },
      sent: [successful],
    });
    expect(logged).toMatchObject([
      [
        'info',
        {
          deployment: {
            ...{ door: 'queue', endpoint: endpoint.name, caller: 'alice', parameters, request: 'r1', grant: 'all' },
            ...{ receives: 3, outcome: 'deployed', covers: 1 },
          },
        },
      ],
    ]);
  });
});

describe('a batch', () => {
  it('makes one deployment per service', async () => {
    const other = { ...parameters, apiServerID: 'b82aa1c1-1a8e-4b6e-a43e-2266ebd57626' };
    const otherPath = serviceOf(endpoint, other).path;
    const messages = [{ number: 1 }, { number: 9, parameters: other }, { number: 2 }];
    const ended = await handled({ messages, item: { wanted: 2 }, sent: [successful, new NotSent('refused')] });
    expect(ended.deployments.map(({ path }) => path)).toEqual([service.path, otherPath]);
    expect(ended.published).toEqual([deployed(1), deployed(2)]);
    expect(ended.again).toEqual(['m1']);
  });

  it('puts a message that is no pending deployment into the dead letters, and handles the others', async () => {
    const ended = await handled({ messages: ['{}', { number: 1 }], item: { wanted: 1 }, sent: [successful] });
    expect(ended.deadLetters).toEqual([
      { messageId: 'm0', Reason: 'The message is no pending deployment.', Code: 'NO_PENDING_DEPLOYMENT' },
    ]);
    expect([ended.published, ended.again, ended.lastCalls]).toEqual([[deployed(1)], [], [59_000]]);
  });

  it('without messages does nothing', async () => {
    const { parts } = scripted({});
    const none = () => Promise.reject(new Error('there is no message'));
    const queues = { deadLetter: none, postpone: none };
    const handler = deployQueueHandler({ ...parts, endpoint, grants, outbox: () => none, queues });
    const context = Object({ getRemainingTimeInMillis: () => 60_000 });
    for (const event of [null, {}]) expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
  });
});

describe('a message that no grant allows any more', () => {
  const denied = failure(2, 1, { status: 403, code: 'ACCESS_FAILED', isRetried: false });

  it('reports this and ends, and deploys nothing', async () => {
    const ended = await handled({ messages: [{ number: 2, caller: 'bob' }], item: { wanted: 2, deployed: 1 } });
    expect([ended.calls, ended.published, ended.again]).toEqual([[], [denied], []]);
    expect(ended.item).toMatchObject({ error: 'ACCESS_FAILED', failures: 1 });
    expect(ended.lastCalls).toEqual([59_000]);
    expect(ended.logged).toMatchObject([
      [
        'info',
        { deployment: { door: 'queue', caller: 'bob', request: 'r2', outcome: 'denied', code: 'ACCESS_FAILED' } },
      ],
    ]);
  });

  it('ends as deployed if a deployment covers it', async () => {
    const item = { wanted: 2, deployed: 2, deployedAt: now - 5_000, failures: 0 };
    const ended = await handled({ messages: [{ number: 2, caller: 'bob' }], item });
    expect([ended.published, ended.again, ended.item]).toEqual([[deployed(2, now - 5_000)], [], item]);
  });

  it('takes no part in the deployment of others, whose failure another message reports', async () => {
    const messages = [{ number: 1 }, { number: 2, caller: 'bob' }];
    const ended = await handled({ messages, item: { wanted: 2 }, sent: [answer(404)] });
    expect(ended.published).toHaveLength(2);
    expect(ended.published).toContainEqual(failure(1, 1, { status: 404, code: 'NOT_FOUND' }));
    expect(ended.published).toContainEqual(denied);
    expect(ended.again).toEqual(['m0']);
  });
});
