import { once } from 'node:events';
import { createServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOf, functionNames } from '../../infra/bundle/bundle.ts';
import { webhookPath } from '../../infra/documents/routes.ts';
import { account } from '../../infra/local/aws/account.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { localClient, localGrants, localSource } from '../../infra/local/gateway/local-grants.ts';
import { localWebhook } from '../../infra/local/gateway/local-webhook.ts';
import { writeGrantsFile } from '../../infra/local/gateway/packed-grants-file.ts';
import { endpointEnvironments, sharedEnvironments } from '../../infra/local/lambda/environment.ts';
import { createFunction } from '../../infra/local/lambda/function.ts';
import { pendingDeploymentMessage } from '../../lib/deploy/pending-deployment.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call } from '../harness/front-door.ts';
import { selfSigned } from '../harness/self-signed.ts';
import { standardHeaders } from '../harness/signed-webhook.ts';

/** A server at the address of PingOne or AWS, with a certificate of no authority. */
const impostor = createServer(selfSigned(), ({ url }, response) => {
  heard.push(url);
  response.end('{}');
});
const heard: unknown[] = [];
let impostorUrl = '';
let gateway: Gateway;
// Closed last: a worker that ends during a handshake still sends its pending data, unchecked.
const opened = new AsyncDisposableStack();

const unsafe = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

beforeAll(async () => {
  await once(impostor.listen(0, '127.0.0.1'), 'listening');
  impostorUrl = `https://127.0.0.1:${Object(impostor.address()).port}`;
  const application = { clientId: 'c', clientSecret: 's', environmentID: crypto.randomUUID() };
  const json = JSON.stringify({ ...application, apiBase: `${impostorUrl}/v1`, authBase: impostorUrl });
  const environment = { UNKNOWN_MEMBERS: 'refuse', ...unsafe } as const;
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {}, environment, secret: { json, source: 'test' } });
});

afterAll(async () => {
  await opened.disposeAsync();
  await gateway.close();
  impostor.close();
});

describe.each(endpoints)('with NODE_TLS_REJECT_UNAUTHORIZED=0, $name', (endpoint) => {
  it('sends its secret to no PingOne with an invalid certificate', async () => {
    expect(await call(gateway, endpoint)).toMatchObject({ status: 503, json: { code: 'PINGONE_UNREACHABLE' } });
    expect(heard).toEqual([]);
  });
});

/** For each function the event that makes it call AWS, and its answer if it can't. */
const asking = ({ event: type, deployment, example: { parameters: pathParameters, body } }: Endpoint) => {
  const headers = { 'content-type': 'application/json' };
  const deploying = { 'content-type': deployment?.contentType ?? '' };
  const { environmentID } = pathParameters;
  const claims = { iss: gateway.issuer.url, client_id: localClient };
  const requestContext = { authorizer: { jwt: { claims } } };
  const unavailable = { statusCode: 503, body: expect.stringContaining('LEDGER_UNAVAILABLE') };
  const detail = { version: '1', ...pathParameters, body };
  const event = { id: 'e', source: localSource, account, time: new Date().toISOString(), 'detail-type': type, detail };
  const attributes = { ApproximateFirstReceiveTimestamp: String(Date.now()), ApproximateReceiveCount: '1' };
  const record = { messageId: 'm', receiptHandle: 'r', body: JSON.stringify(event), attributes };
  const pending = pendingDeploymentMessage({
    number: 1,
    requestID: 'r',
    caller: 'local',
    parameters: pathParameters,
    resource: 'o',
  });
  return {
    http: [{ headers, requestContext, pathParameters, body: JSON.stringify(body) }, unavailable],
    queue: [{ Records: [record] }, { batchItemFailures: [{ itemIdentifier: 'm' }] }],
    read: [{ headers, requestContext, pathParameters }, { statusCode: 502 }],
    deploy: [
      { headers: deploying, requestContext: { ...requestContext, http: { method: 'POST' } }, pathParameters },
      { statusCode: 502 },
    ],
    'environment-lookup': [{ headers, requestContext, pathParameters: { environmentID } }, { statusCode: 502 }],
    webhook: [signedWebhook(JSON.stringify({ type, data: detail })), { statusCode: 503, body: '' }],
    'deploy-queue': [{ Records: [{ ...record, body: pending }] }, { batchItemFailures: [{ itemIdentifier: 'm' }] }],
    'request-status': [{ headers: {}, requestContext, pathParameters: { id: '0'.repeat(64) } }, unavailable],
    'not-offered': [{ headers: {}, requestContext }, { statusCode: 403 }],
    'open-requests': [{}, { failed: expect.stringContaining('the ledger could not be read') }],
  } as const;
};

const signedWebhook = (body: string) => ({
  routeKey: `POST ${webhookPath(localWebhook)}`,
  headers: standardHeaders(body, { key: gateway.webhook.secret }),
  body,
});

const limits = { timeoutSeconds: 20, memoryMB: 1024 };

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0, an AWS with an invalid certificate', () => {
  it.each(functionNames)('is not called by the function %s', async (name) => {
    const endpoint = endpoints.find(({ deployment }) => deployment || !name.startsWith('deploy'));
    const queues = gateway.queues.get(endpoint?.name ?? '');
    if (!endpoint || !queues) throw new Error('there is no endpoint');
    const grants = await writeGrantsFile(localGrants(gateway.issuer.url), `tls-${name}`);
    const { path: grantsFile } = opened.adopt(grants, ({ close }) => close());
    const { credentials: awsCredentials } = gateway.aws;
    const addresses = { awsEndpoint: impostorUrl, docsUrl: gateway.url };
    const stage = { ...addresses, awsCredentials, grantsFile, environment: {} };
    const shared = sharedEnvironments(gateway.queues, stage);
    const environments = {
      ...endpointEnvironments(endpoint.name, queues, stage),
      ...shared,
      'open-requests': shared['request-status'],
    };
    const environment = { ...environments[name], ...unsafe };
    const made = createFunction({ name, bundle: bundleOf(name), environment, limits });
    opened.adopt(made, ({ close }) => close());
    const [event, answer] = asking(endpoint)[name];
    const answered = made.invoke(event);
    expect(await answered.catch((error) => ({ failed: String(error) }))).toMatchObject(answer);
    expect(heard).toEqual([]);
  });
});
