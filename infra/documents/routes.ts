import type { Endpoint } from '../../lib/endpoints/endpoint.ts';

/** The status of a request. */
export const statusPath = '/v1/requests/{id}';

/** Everything else below `/v1/`: answered 403, since clients of PingOne take a 404 for a resource that was deleted. */
export const otherPaths = '/v1/{proxy+}';

/** Never OPTIONS: a preflight has no credentials for an authorizer. */
export const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'HEAD'] as const;

/** What the API offers, for a person: `POST /v1/…`. */
export const offeredBy = (endpoints: readonly Endpoint[]): string =>
  [...endpoints.map(({ path }) => `POST /v1${path}`), `GET ${statusPath}`].join(', ');
