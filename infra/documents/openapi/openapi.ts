import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { environmentPath } from '../../../lib/endpoints/path.ts';
import { version } from '../release.ts';
import { resourcePath } from '../routes.ts';
import { createOperation, createSchemas } from './create.ts';
import { deployOperations, deploySchemas } from './deploy.ts';
import { environmentOperation, environmentSchema } from './environment.ts';
import { headerComponents, requestHeaders } from './headers.ts';
import { listOperation, readOperation } from './read.ts';
import { statusOperation } from './request-status.ts';
import { sharedSchemas } from './schemas.ts';
import { webhookOperation, webhookPathItem, webhookSecurity } from './webhook.ts';

/** The URLs of a deployment. */
export interface Deployment {
  /** Replaces PingOne's `apiPath`: for every caller, or with an `iamApiPath` for holders of access tokens. */
  readonly apiPath: string;
  /** The same for IAM callers, where the deployment has both kinds. */
  readonly iamApiPath?: string | undefined;
  /** The page that explains problem types. */
  readonly docsUrl: string;
}

/** The OpenAPI document of the HTTP API: every endpoint at PingOne's path, and the status of a request. */
export const openApi = (endpoints: readonly Endpoint[], { apiPath, iamApiPath, docsUrl }: Deployment) => ({
  openapi: '3.1.0',
  info: {
    title: 'PingOne Provisioner',
    version,
    summary: 'Creates in PingOne, each exactly once, without PingOne admin credentials.',
    description:
      "Each create has PingOne's own path, body and answer: a client of PingOne calls the gateway by changing the `apiPath` and the access token. Errors are problem documents (RFC 9457) that have the members of PingOne's errors too. With an `Idempotency-Key` a retry never creates a second resource.",
    license: { name: 'MIT', identifier: 'MIT' },
  },
  externalDocs: { url: docsUrl, description: 'Cause and remedy of each problem' },
  servers: serversOf(apiPath, iamApiPath),
  security: [{ accessToken: [] }, { sigV4: [] }],
  tags: [
    { name: 'Creates', description: 'Each creates one resource in PingOne.' },
    { name: 'Reads', description: 'What your grants let you read in PingOne.' },
    { name: 'Deployments', description: 'Put what was created into use.' },
    { name: 'Webhooks', description: 'Signed requests of systems without tokens or AWS credentials.' },
    { name: 'Requests', description: 'The status of a create.' },
  ],
  paths: {
    ...Object.fromEntries(
      endpoints.flatMap((endpoint) => [
        [endpoint.path, { get: listOperation(endpoint, docsUrl), post: createOperation(endpoint, docsUrl) }],
        [resourcePath(endpoint), { get: readOperation(endpoint, docsUrl) }],
        ...deploymentPaths(endpoint, docsUrl),
      ]),
    ),
    [environmentPath]: { get: environmentOperation(docsUrl) },
    [webhookPathItem]: { post: webhookOperation(endpoints, apiPath, docsUrl) },
    '/requests/{id}': { get: statusOperation(endpoints, docsUrl) },
  },
  components: {
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          "If the deployment's callers use JWT: an access token of its issuer, with the scope or role that it requires.",
      },
      sigV4: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        'x-amazon-apigateway-authtype': 'awsSigv4',
        description: "If the deployment's callers use IAM: AWS Signature Version 4, for the service `execute-api`.",
      },
      ...webhookSecurity,
    },
    parameters: requestHeaders,
    headers: headerComponents,
    schemas: {
      ...Object.assign({}, ...endpoints.map(createSchemas), ...endpoints.map(deploySchemas)),
      ...sharedSchemas(endpoints),
      Environment: environmentSchema(),
    },
  },
});

/** A server for each kind of callers; OpenAPI can't limit a security scheme to a server, so its description names it. */
const serversOf = (apiPath: string, iamApiPath: string | undefined) =>
  iamApiPath === undefined
    ? [{ url: apiPath }]
    : [
        { url: apiPath, description: 'For holders of access tokens: the security scheme `accessToken`.' },
        { url: iamApiPath, description: 'For IAM callers: the security scheme `sigV4`.' },
      ];

const deploymentPaths = (endpoint: Endpoint, docsUrl: string) => {
  const deployment = deployOperations(endpoint, docsUrl);
  return deployment ? [[deployment.path, deployment.operations]] : [];
};
