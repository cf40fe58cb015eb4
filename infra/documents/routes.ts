import type { Endpoint } from '../../lib/endpoints/endpoint.ts';

/** The status of a request. */
export const statusPath = '/v1/requests/{id}';

/** The path of one resource of an endpoint. */
export const resourcePath = ({ path }: Pick<Endpoint, 'path'>): string => `${path}/{resourceID}`;

/** The routes that an endpoint object has: its create, and the reads of its collection and of a resource in it. */
export const routesOfEndpoint = (endpoint: Pick<Endpoint, 'path'>) =>
  ({
    create: { method: 'POST', path: `/v1${endpoint.path}` },
    reads: [
      { method: 'GET', path: `/v1${endpoint.path}` },
      { method: 'GET', path: `/v1${resourcePath(endpoint)}` },
    ],
  }) as const;

/** Everything else below `/v1/`: answered 403, since clients of PingOne take a 404 for a resource that was deleted. */
export const otherPaths = '/v1/{proxy+}';

/** Never OPTIONS: a preflight has no credentials for an authorizer. */
export const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'HEAD'] as const;

/** What the API offers, for a person: `POST /v1/…`. */
export const offeredBy = (endpoints: readonly Endpoint[]): string =>
  [
    ...endpoints.flatMap((endpoint) => {
      const { create, reads } = routesOfEndpoint(endpoint);
      return [create, ...reads].map(({ method, path }) => `${method} ${path}`);
    }),
    `GET ${statusPath}`,
  ].join(', ');
