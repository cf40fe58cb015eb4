import { SQSClient } from '@aws-sdk/client-sqs';
import { coreIn } from '../../lib/core.ts';
import { addPendingDeploymentWith } from '../../lib/deploy/pending-deployment.ts';
import { apiServerDeployment } from '../../lib/endpoints/api-server-deployment.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import type { LedgerBy } from '../../lib/ledger/ledger.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import type { Table } from '../../lib/ledger/table.ts';
import type { Provision } from '../../lib/provision/request.ts';
import { defaultTimings as timings } from '../../lib/provision/timings.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import type { Send } from '../../lib/runtime/connection.ts';
import type { Log } from '../../lib/runtime/logger.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import type { Outside } from './program.ts';
import type { Asking } from './sender.ts';

/** What a door has behind it. */
export interface Gateway {
  readonly ledger: LedgerBy;
  readonly provision: Provision;
  readonly clock: Clock;
  readonly log: Log;
}

/** The gateway's own code for one attempt; `name` is the attempt's. */
export const gatewayOn = (outside: Outside, name: string, nth: number, { skewMs = [0] }: Asking): Gateway => {
  const aheadMs = skewMs[nth - 1] ?? skewMs.at(-1) ?? 0;
  const clock = { ...outside.clock, now: () => outside.clock.now() + aheadMs };
  const table: Table = {
    read: async (key) => itemIn(await outside.call({ kind: 'read', key })),
    change: async (key, change) => itemIn(await outside.call({ kind: 'change', key, change })),
  };
  const accessToken = {
    get: async () => {
      await outside.call({ kind: 'token' });
      return { value: 'token', api };
    },
    prefetch: () => {},
    drop: () => {},
  };
  const log: Log = (_, line) => {
    if (typeof line.alarm === 'string') outside.alarm(line.alarm);
  };
  let owners = 0;
  const newOwner = () => `${name}.${++owners}`;
  const random = () => 0.5;
  const pendingDeployments = () => openPendingDeployments(table, endpoint.name);
  const addPending = addPendingDeploymentWith({
    endpoint: deployed,
    pendingDeployments,
    sqs: pendingDeploymentQueue(outside),
    queueUrl: 'pendingDeployments',
    delayMs: 15_000,
    clock,
  });
  const around = {
    endpoint,
    timings,
    table: () => table,
    accessToken,
    send: sendBy(outside),
    clock,
    log,
    random,
    newOwner,
    addPending,
  };
  return { ...coreIn(around), clock, log };
};

/** The explored endpoint as if it needed a deployment, which only senders ask for that say so. */
const deployed = {
  ...endpoint,
  deployment: { ...apiServerDeployment, path: '/environments/{environmentID}/deployment' },
} as const;

/** All of SQS that a pending deployment uses. */
const pendingDeploymentQueue = (outside: Outside): SQSClient =>
  Object.assign(Object.create(SQSClient.prototype), {
    send: ({ input }: { readonly input: { readonly MessageBody: string } }) =>
      outside.call({ kind: 'addPending', number: Number(Object(JSON.parse(input.MessageBody)).number) }),
  });

const api = targetOf('https://pingone.invalid/v1');

const sendBy =
  (outside: Outside): Send =>
  async ({ method, target: { path }, body: sent = '' }, timeoutMs) => {
    const last = path.slice(path.lastIndexOf('/') + 1);
    const get = endpoint.path.endsWith(`/${last}`)
      ? ({ kind: 'list' } as const)
      : ({ kind: 'show', id: last } as const);
    const answer = await outside.call(method === 'POST' ? { kind: 'create', body: sent, timeoutMs } : get);
    const { status, body } = Object(answer);
    return { status, headers: {}, body: Buffer.from(body) };
  };

const itemIn = (value: unknown): Record<string, unknown> | undefined =>
  value === undefined ? undefined : Object(value);
