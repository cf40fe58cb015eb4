import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { environmentPath } from '../../lib/endpoints/path.ts';

/** An environment itself. */
export const lookupPath = `/v1${environmentPath}`;

/** The status of a request. */
export const statusPath = '/v1/requests/{id}';

/** The path of one resource of an endpoint. */
export const resourcePath = ({ path }: Pick<Endpoint, 'path'>): string => `${path}/{resourceID}`;

/** The routes that an endpoint object has: its create, the reads of its collection and of a resource in it, and its deployment. */
export const routesOfEndpoint = (endpoint: Pick<Endpoint, 'path' | 'deployment'>) =>
  ({
    create: { method: 'POST', path: `/v1${endpoint.path}` },
    reads: [
      { method: 'GET', path: `/v1${endpoint.path}` },
      { method: 'GET', path: `/v1${resourcePath(endpoint)}` },
    ],
    deployment: deploymentRoutes(endpoint),
  }) as const;

const deploymentRoutes = ({ deployment }: Pick<Endpoint, 'deployment'>) => {
  const path = `/v1${deployment?.path}`;
  return deployment
    ? ([
        { method: 'POST', path },
        { method: 'GET', path },
      ] as const)
    : [];
};

/** The path of a source of webhooks. */
export const webhookPath = (source: string): string => `/v1/webhooks/${source}`;

/** Where webhooks of sources that do not exist arrive: answered like those with a wrong signature. */
export const otherWebhooks = webhookPath('{proxy+}');

/** Everything else below `/v1/`: answered 403, since clients of PingOne take a 404 for a resource that was deleted. */
export const otherPaths = '/v1/{proxy+}';

/** Never OPTIONS: a preflight has no credentials for an authorizer. */
export const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'HEAD'] as const;

/** What the API offers, for a person: `POST /v1/…`. */
export const offeredBy = (endpoints: readonly Endpoint[]): string =>
  [
    ...endpoints.flatMap((endpoint) => {
      const { create, reads, deployment } = routesOfEndpoint(endpoint);
      return [create, ...reads, ...deployment].map(({ method, path }) => `${method} ${path}`);
    }),
    `GET ${lookupPath}`,
    `GET ${statusPath}`,
  ].join(', ');
