import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { createEndpointQueues } from '../../../infra/local/gateway/endpoint-queues.ts';
import { callerOfAll } from '../../../infra/local/gateway/local-grants.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { type GrantsDocument, parseGrants } from '../../../lib/grants/document.ts';
import { httpHandler } from '../../../lib/http/handler.ts';
import { requestStatusHandler } from '../../../lib/http/request-status.ts';
import { acceptWith } from '../../../lib/intake/accept.ts';
import { openPendingDeployments } from '../../../lib/ledger/pending-deployments.ts';
import type { Provision } from '../../../lib/provision/request.ts';
import { senderOf, startBus } from '../../harness/bus.ts';
import { type System, type SystemOptions, startSystem } from '../../harness/system.ts';
import type { Line } from '../filter-pattern.ts';

/** The faults during one request. */
export interface Trouble extends SystemOptions {
  /** Called before the request. */
  readonly prepare?: (system: System) => unknown;
  readonly grants?: GrantsDocument;
  /** Replaces the real one. */
  readonly provision?: Provision;
}

const issuer = 'https://issuer.example';
const principals = [{ jwt: { issuer, client: 'ci' } }, senderOf('com.example.ci')];
const all: GrantsDocument = { version: '1', callers: [callerOfAll('ci', principals)] };
/** The same callers, without grants. */
export const noGrants: GrantsDocument = { version: '1', callers: [{ name: 'ci', principals, grants: [] }] };

export type Door = 'http' | 'queue' | 'later' | 'status';

/** The functions' log lines for one request within a minute, in Lambda's JSON format. */
export const linesOf = async (door: Door, trouble: Trouble = {}, endpoint = first()): Promise<readonly Line[]> => {
  const { prepare, grants, provision, ...options } = trouble;
  const system = await startSystem(options);
  try {
    await prepare?.(system);
    if (door === 'queue') await byEvent(system, endpoint, trouble);
    else await byHttp(system, endpoint, door, trouble);
    return system.logged.map((logged) => lambdaLine(Object(logged)));
  } finally {
    await system.close();
  }
};

export const lambdaLine = ({ level, ...message }: Record<string, unknown>): Line => ({
  level: String(level).toUpperCase(),
  message: { ...message },
});

const byEvent = async (system: System, endpoint: Endpoint, { grants = all, provision }: Trouble): Promise<void> => {
  const bus = startBus(system, endpoint, { grants: () => grants, ...(provision && { provision }) });
  // Directly into the queue, since the bus may fail.
  const detail = { version: '1', ...endpoint.example.parameters, body: endpoint.example.body };
  const event = { id: 'e-1', ...senderOf('com.example.ci').event, time: 't', 'detail-type': endpoint.event, detail };
  await bus.send(JSON.stringify(event));
  await system.pass(60_000);
  await bus.close();
};

const byHttp = async (system: System, endpoint: Endpoint, door: Door, trouble: Trouble): Promise<void> => {
  const { aws, clock, client, log } = system;
  const { ledger, provision } = system.composed(endpoint, { dies: () => false, sleeps: {}, onDeath: () => {} });
  const sqs = new SQSClient(client);
  const common = {
    grants: parseGrants(trouble.grants ?? all),
    tokenRoles: [],
    docsUrl: 'https://docs.example',
    log,
    now: clock.now,
  };
  const accept = acceptWith({ ledger, sqs, queueUrl: createEndpointQueues(aws, endpoint).queue.url, clock, log });
  const create = httpHandler({
    ...common,
    endpoint,
    provision: trouble.provision ?? provision,
    accept: (request, deadline) => clock.during(accept(request, deadline)),
    unknownMembers: 'refuse',
  });
  const status = requestStatusHandler({
    ...common,
    endpoints: [endpoint],
    ledger: () => ledger(0),
    pendingDeployments: () => openPendingDeployments(system.table, endpoint.name),
  });
  const event = {
    headers: { 'content-type': 'application/json', ...(door === 'later' && { prefer: 'respond-async' }) },
    requestContext: { authorizer: { jwt: { claims: { iss: issuer, client_id: 'ci' } } } },
    pathParameters: door === 'status' ? { id: '0'.repeat(64) } : endpoint.example.parameters,
    body: JSON.stringify(endpoint.example.body),
  };
  const context: Context = Object({ awsRequestId: 'a-1', getRemainingTimeInMillis: () => 28_000 });
  await (door === 'status' ? status : create)(Object(event), context);
  sqs.destroy();
};

const first = (): Endpoint => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  return endpoint;
};
