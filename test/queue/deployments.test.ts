import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scope } from '../../infra/local/api-gateway/routes.ts';
import type { BusEvent } from '../../infra/local/aws/event-bridge/event.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import type { DeployFault } from '../../infra/local/sandbox/deploy-faults.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { endpoint, deploymentPath as path } from '../harness/deployable-endpoint.ts';
import { call } from '../harness/front-door.ts';

const probe = await listen(0);
const { port, url } = probe;
await probe.close();
const issuer = `${url}/issuer`;
const callerWith = (name: string, deploy: ('call' | 'after')[] | undefined) => {
  const caller = callerOfAll(name, [{ jwt: { issuer, client: name } }]);
  return { ...caller, grants: caller.grants.map((grant) => ({ ...grant, deploy })) };
};
const grants: GrantsDocument = {
  version: '1',
  callers: [callerWith('after', ['after']), callerWith('call', ['call']), callerWith('never', undefined)],
};

let gateway: Gateway;
let fault: DeployFault | undefined;
const outcomes: BusEvent[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    port,
    awsPort: 0,
    grants,
    onLog: () => {},
    onOutcome: (event) => void outcomes.push(event),
    environment: { DEPLOY_DELAY_MS: '1000' },
    sandbox: { faults: { deploy: () => fault } },
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  fault = undefined;
  outcomes.length = 0;
});

const create = async (client: string, headers: Readonly<Record<string, string>> = {}) => {
  const authorization = `Bearer ${await gateway.issuer.token({ clientId: client, scope })}`;
  const body = { ...endpoint.example.body, name: randomUUID() };
  const answer = await call(gateway, endpoint, { body, headers: { authorization, ...headers } });
  const requestID = answer.headers.get('provisioner-request') ?? Object(answer.json).id;
  return { ...answer, requestID, authorization };
};
const statusOf = async (requestID: string, authorization: string) =>
  Object(await (await fetch(`${gateway.apiPath}/requests/${requestID}`, { headers: { authorization } })).json());
const eventually = async (check: () => Promise<boolean> | boolean) => {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
    if (await check()) return;
  throw new Error('it did not happen in time');
};
const eventOf = (requestID: string, type: string) =>
  outcomes.find((event) => event['detail-type'] === type && Object(event.detail).requestID === requestID);

describe('an operation whose grant does not say so', () => {
  it.each(['call', 'never'])('by %s waits for no deployment', async (client) => {
    const pendingDeployments = () => gateway.queues.get(endpoint.name)?.pendingDeployments?.queue.messages() ?? [];
    const { status, requestID, authorization } = await create(client);
    expect(status).toBe(201);
    expect(await statusOf(requestID, authorization)).not.toHaveProperty('deployment');
    expect(pendingDeployments()).toEqual([]);
  });
});

describe('an operation whose grant says to deploy after it', () => {
  it('is deployed, which status and bus report', async () => {
    const { status, requestID, authorization, json } = await create('after');
    expect(status).toBe(201);
    expect(await statusOf(requestID, authorization)).toMatchObject({ state: 'created', deployment: 'wanted' });
    await eventually(async () => (await statusOf(requestID, authorization)).deployment === 'deployed');
    expect(await statusOf(requestID, authorization)).toMatchObject({ deployedAt: expect.stringMatching(/^20\d\d-/) });
    await eventually(() => eventOf(requestID, 'ApiServiceDeployed') !== undefined);
    expect(eventOf(requestID, 'ApiServiceDeployed')?.detail).toMatchObject({
      ...{ version: '1', requestID, parameters: endpoint.example.parameters, resource: { id: Object(json).id } },
      deployedAt: expect.any(String),
    });
    const { configured, enforced } = gateway.sandbox.deployment(path) ?? {};
    expect(enforced).toBe(configured);
  });

  it('is deployed when the queue creates it', async () => {
    const { status, requestID, authorization } = await create('after', { prefer: 'respond-async' });
    expect(status).toBe(202);
    await eventually(async () => (await statusOf(requestID, authorization)).deployment === 'deployed');
  });

  it('stays wanted while PingOne fails, which status and bus report', async () => {
    fault = { kind: 'deployFails' };
    const { requestID, authorization } = await create('after');
    await eventually(async () => (await statusOf(requestID, authorization)).deployment === 'failed');
    await eventually(() => eventOf(requestID, 'ApiServiceDeploymentFailed') !== undefined);
    expect(eventOf(requestID, 'ApiServiceDeploymentFailed')?.detail).toMatchObject({
      ...{ requestID, status: 200, code: 'UNEXPECTED_ERROR', isRetried: true },
    });
  });
});
