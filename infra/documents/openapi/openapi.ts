import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { version } from '../release.ts';
import { createOperation, createSchemas } from './create.ts';
import { headerComponents, requestHeaders } from './headers.ts';
import { statusOperation } from './request-status.ts';
import { sharedSchemas } from './schemas.ts';

/** What differs between deployments. */
export interface Deployment {
  /** What stands in place of PingOne's `apiPath`. */
  readonly apiPath: string;
  /** Where problem types are explained. */
  readonly docsUrl: string;
}

/** The OpenAPI document of the HTTP API: every endpoint at PingOne's own path, and what became of a request. */
export const openApi = (endpoints: readonly Endpoint[], { apiPath, docsUrl }: Deployment) => ({
  openapi: '3.1.0',
  info: {
    title: 'PingOne Provisioner',
    version,
    summary: 'Creates in PingOne, each exactly once, without PingOne admin credentials.',
    description:
      "Each create has PingOne's own path, body and answer: what calls PingOne calls this by changing the `apiPath` and the access token. Errors are problem documents (RFC 9457) that have the members of PingOne's errors too. With an `Idempotency-Key` a retry never makes a second resource.",
    license: { name: 'MIT', identifier: 'MIT' },
  },
  externalDocs: { url: docsUrl, description: 'What each problem means, and what to do' },
  servers: [{ url: apiPath }],
  security: [{ accessToken: [] }, { sigV4: [] }],
  tags: [
    { name: 'Creates', description: 'Each makes one resource in PingOne.' },
    { name: 'Requests', description: 'What became of a create.' },
  ],
  paths: {
    ...Object.fromEntries(endpoints.map((endpoint) => [endpoint.path, { post: createOperation(endpoint, docsUrl) }])),
    '/requests/{id}': { get: statusOperation(endpoints, docsUrl) },
  },
  components: {
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: "Where the deployment takes JWT: an access token of its issuer, with one of the route's scopes.",
      },
      sigV4: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        'x-amazon-apigateway-authtype': 'awsSigv4',
        description: 'Where the deployment takes IAM: AWS Signature Version 4, for the service `execute-api`.',
      },
    },
    parameters: requestHeaders,
    headers: headerComponents,
    schemas: { ...Object.assign({}, ...endpoints.map(createSchemas)), ...sharedSchemas(endpoints) },
  },
});
