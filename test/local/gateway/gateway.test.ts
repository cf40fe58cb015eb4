import { fileURLToPath } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import type { AwsCredentials } from '../../../infra/local/aws/credentials.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../infra/local/gateway/gateway.ts';
import { listen } from '../../../infra/local/loopback/loopback.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';

const echo = fileURLToPath(new URL('../lambda/handlers/lambda.ts', import.meta.url));

let gateway: Gateway | undefined;

const start = async (options: GatewayOptions = {}): Promise<Gateway> => {
  gateway = await startGateway({ port: 0, awsPort: 0, build: async () => echo, ...options });
  return gateway;
};

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

const local = async ({ url }: Gateway) => Object(await (await fetch(`${url}/local`)).json());

const realSecret = JSON.stringify({
  clientId: 'a',
  clientSecret: 'b',
  environmentID: crypto.randomUUID(),
  region: 'EU',
});

const readSecret = ({ awsEndpoint: endpoint }: Gateway, credentials: AwsCredentials) =>
  new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials }).send(
    new GetSecretValueCommand({ SecretId: 'pingone-provisioner/worker-application' }),
  );

describe.each(endpoints)('the local gateway, for $name', ({ name, path, example }) => {
  it('routes its path to its own function', async () => {
    const { apiPath, accessToken } = await start();
    const url = `${apiPath}${fillPath(path, example.parameters)}`;
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(example.body) });
    expect(await response.json()).toMatchObject({
      routeKey: `POST /v1${path}`,
      pathParameters: example.parameters,
      body: JSON.stringify(example.body),
      requestContext: { authorizer: { jwt: { claims: { client_id: 'local', scope: 'provision' } } } },
    });
  });

  it("gives the function Lambda's variables and its settings", async () => {
    const { url, awsEndpoint, functions } = await start({ environment: { UNKNOWN_MEMBERS: 'forward' } });
    const environment = await functions.http.get(name)?.invoke({ act: 'environment' });
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: awsEndpoint,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_REGION: 'us-east-1',
      ENDPOINT: name,
      PINGONE_SECRET_ID: 'pingone-provisioner/worker-application',
      LEDGER_TABLE: 'pingone-provisioner-ledger',
      DOCS_URL: `${url}/guides/lib/http/ERRORS.md`,
      UNKNOWN_MEMBERS: 'forward',
    });
    expect(environment).not.toHaveProperty('PATH');
  });

  it('has a queue with dead letters, and a queue function with their URLs and the bus', async () => {
    const running = await start();
    const { functions, queues, awsEndpoint } = running;
    const { queue, deadLetters } = Object(queues.get(name));
    expect(queue.url).toBe(`${awsEndpoint}/000000000000/${name}`);
    expect(queue.deadLetter).toMatchObject({ queue: { arn: deadLetters.arn }, maxReceiveCount: 100 });
    expect(queue.visibilityTimeoutSeconds).toBe(360);
    const environment = await functions.queue.get(name)?.invoke({ act: 'environment' });
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: awsEndpoint,
      AWS_LAMBDA_FUNCTION_NAME: `${name}-queue`,
      ENDPOINT: name,
      EVENT_BUS_NAME: 'pingone-provisioner',
      QUEUE_URL: queue.url,
      DEAD_LETTER_QUEUE_URL: deadLetters.url,
    });
    expect(await functions.http.get(name)?.invoke({ act: 'environment' })).toMatchObject({
      QUEUE_URL: queue.url,
    });
    const values = await local(running);
    expect(values.eventBusName).toBe('pingone-provisioner');
    expect(values.queueUrls[name]).toBe(queue.url);
    expect(values.deadLetterQueueUrls[name]).toBe(deadLetters.url);
  });

  it("has the values for the documentation's example in /local", async () => {
    const running = await start();
    const values = await local(running);
    expect(values).toMatchObject({
      apiHost: running.url,
      apiPath: running.apiPath,
      awsEndpoint: running.awsEndpoint,
      pingOneApi: running.sandbox.apiBase,
      ...example.parameters,
      envID: example.parameters.environmentID,
    });
    const response = await fetch(`${values.apiPath}${fillPath(path, values)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${values.accessToken}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('the local gateway', () => {
  it('routes status requests to their function', async () => {
    const { apiPath, accessToken, functions } = await start();
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = Object(await (await fetch(`${apiPath}/requests/some-id`, { headers })).json());
    expect(answer).toMatchObject({ routeKey: 'GET /v1/requests/{id}', pathParameters: { id: 'some-id' } });
    const environment = await functions.requestStatus.invoke({ act: 'environment' });
    expect(environment).toMatchObject({ LEDGER_TABLE: 'pingone-provisioner-ledger' });
    expect(environment).not.toHaveProperty('PINGONE_SECRET_ID');
  });

  it('has the address and the credentials of IAM callers in /local, and describes both servers', async () => {
    const running = await start();
    const { iam } = await local(running);
    const { accessKeyId: accessKeyID, ...secrets } = running.iam.credentials;
    expect(iam).toEqual({ apiPath: `${running.url}/iam/v1`, region: 'us-east-1', accessKeyID, ...secrets });
    const { servers } = Object(await (await fetch(`${running.url}/openapi.json`)).json());
    expect(servers).toMatchObject([{ url: running.apiPath }, { url: iam.apiPath }]);
  });

  it('returns a new token on each call of /local', async () => {
    const running = await start();
    expect((await local(running)).accessToken).not.toBe((await local(running)).accessToken);
  });

  it("stores the sandbox's secret in Secrets Manager, for the credentials in /local", async () => {
    const running = await start();
    const { awsAccessKeyID: accessKeyId, awsSecretAccessKey: secretAccessKey } = await local(running);
    const { SecretString = '' } = await readSecret(running, { accessKeyId, secretAccessKey });
    expect(JSON.parse(SecretString)).toEqual(running.sandbox.secret);
  });

  it('gives a real secret only to its functions', async () => {
    const running = await start({ secret: { json: realSecret, source: 'a file' } });
    expect(await (await fetch(`${running.url}/local`)).text()).not.toContain('awsAccessKeyID');
    const anybody = { accessKeyId: 'x', secretAccessKey: 'x' };
    await expect(readSecret(running, anybody)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const [http] = running.functions.http.values();
    const environment = Object(await http?.invoke({ act: 'environment' }));
    const own = { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY };
    expect(await readSecret(running, own)).toMatchObject({ SecretString: realSecret });
  });

  it('treats every caller as the local caller without authorization', async () => {
    const { apiPath } = await start({ auth: 'none' });
    const [endpoint] = endpoints;
    const url = `${apiPath}${fillPath(endpoint?.path ?? '', endpoint?.example.parameters ?? {})}`;
    const response = await fetch(url, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(Object(await response.json()).requestContext.authorizer.jwt.claims).toMatchObject({ client_id: 'local' });
  });

  it('starts no sandbox for a real worker application', async () => {
    const running = await start({ secret: { json: realSecret, source: 'a file' } });
    expect(running.pingOneApi).toBe('https://api.pingone.eu/v1');
    expect(() => running.sandbox).toThrow('a real PingOne replaces the sandbox');
  });

  it('names the missing members of a secret, and none of its values', async () => {
    const json = '{"clientId":"very-secret","environmentID":"also-secret"}';
    const failure = await start({ secret: { json, source: 'the-file.json' } }).catch(String);
    expect(failure).toMatch(/the-file\.json.*clientSecret/);
    expect(failure).not.toContain('-secret');
  });

  it('leaves nothing open if a port is taken', async () => {
    const occupied = await listen(0);
    const { port, close } = await listen(0);
    await close();
    await expect(startGateway({ port, awsPort: occupied.port })).rejects.toMatchObject({
      name: 'PortUnavailable',
      port: occupied.port,
    });
    await occupied.close();
    await (await listen(port)).close();
  });
});
