import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createEvent } from '../../../infra/local/api-gateway/event.ts';
import { localClient } from '../../../infra/local/gateway/local-grants.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { issuer } from '../stand-ins.ts';

/** API Gateway's event for a request with the endpoint's example. */
export const exampleEvent = (): APIGatewayProxyEventV2 => {
  const { parameters, body } = endpoint.example;
  const headers = { host: 'api.example.com', 'content-type': 'application/json', 'user-agent': 'curl/8.5.0' };
  const claims = { iss: issuer, client_id: localClient, sub: localClient, scope: 'provision' };
  return createEvent({
    arrival: {
      method: 'POST',
      path: `/v1${fillPath(endpoint.path, parameters)}`,
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
