import { writeFile } from 'node:fs/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { createEvent } from '../../../infra/local/api-gateway/event.ts';
import { startAws } from '../../../infra/local/aws/aws.ts';
import { createEndpointQueues } from '../../../infra/local/gateway/endpoint-queues.ts';
import { localClient, localGrants } from '../../../infra/local/gateway/local-grants.ts';
import { writeGrantsFile } from '../../../infra/local/gateway/packed-grants-file.ts';
import { httpEnvironment, secretName } from '../../../infra/local/lambda/environment.ts';
import { type Sandbox, startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { selfSigned } from '../../harness/self-signed.ts';
import { newestOf } from '../newest.ts';
import { secure } from './secure.ts';
import { builtFile } from './subjects.ts';

const path = fillPath(endpoint.path, endpoint.example.parameters);
const issuer = 'https://issuer.example.com';

/** Starts PingOne and AWS in this process, behind TLS as the real ones are, PingOne's tokens on a host of their own. */
export const startStandIns = async () => {
  await using opened = new AsyncDisposableStack();
  const opening = async <Part extends { close(): unknown }>(part: Promise<Part>): Promise<Part> =>
    opened.adopt(await part, async ({ close }) => void (await close()));

  const aws = await opening(startAws());
  const sandbox = await opening(startSandbox({ endpoints }));
  const certificate = selfSigned();
  const secureAws = await opening(secure(aws.endpoint, certificate));
  const auth = await opening(secure(sandbox.authBase, certificate));
  const api = await opening(secure(sandbox.authBase, certificate));
  const grants = await opening(writeGrantsFile(localGrants(issuer), 'bench-http'));
  const trusted = builtFile('certificate.pem');
  await writeFile(trusted, certificate.cert);

  const apiBase = `${api.url}/v1`;
  aws.secretsManager.put(secretName, JSON.stringify({ ...sandbox.secret, apiBase, authBase: auth.url }));
  const surroundings = {
    awsEndpoint: secureAws.url,
    awsCredentials: aws.credentials,
    docsUrl: issuer,
    grantsFile: grants.path,
    environment: {},
  };
  const environment = {
    ...httpEnvironment(endpoint.name, createEndpointQueues(aws, endpoint), surroundings),
    NODE_EXTRA_CA_CERTS: trusted,
    BARE_URL: apiBase + path,
    BARE_TOKEN: await tokenOf(sandbox),
  };

  const newest = newestOf(sandbox.requests);
  let tokens = 0;
  const parts = opened.move();
  return {
    environment,
    /** How often a secret and a token were asked for until now; PingOne remembers its newest 10,000 requests. */
    calls: () => {
      tokens += newest().filter((request) => request.path.endsWith('/as/token')).length;
      return { secrets: aws.calls('secretsmanager.GetSecretValue'), tokens };
    },
    close: () => parts.disposeAsync(),
  };
};

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;

/** What API Gateway hands over of a request with the endpoint's example. */
export const exampleEvent = (): APIGatewayProxyEventV2 => {
  const { parameters, body } = endpoint.example;
  const headers = { host: 'api.example.com', 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' };
  const claims = { iss: issuer, client_id: localClient, sub: localClient, scope: 'provision' };
  return createEvent({
    arrival: {
      method: 'POST',
      path: `/v1${path}`,
      query: '',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      headers,
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(JSON.stringify(body)),
      over: new AbortController().signal,
    },
    requestId: 'Rk9PQkFSQkFa',
    routeKey: `POST /v1${endpoint.path}`,
    pathParameters: parameters,
    authorizer: { jwt: { claims, scopes: ['provision'] } },
  });
};

/** For the handler that finds out nothing itself. */
const tokenOf = async ({ secret, application }: Sandbox): Promise<string> => {
  const { clientId, clientSecret, authBase } = secret;
  const response = await fetch(`${authBase}/${application.environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return z.parse(z.object({ access_token: z.string() }), await response.json()).access_token;
};
