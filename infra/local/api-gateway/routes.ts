import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { Functions } from '../lambda/lambda.ts';
import type { Route } from './api-gateway.ts';

/** The scope that a caller's token needs. */
export const scope = 'provision';

/** The routes of the API: one for each endpoint, and one for the status of a request. */
export const routesOf = (endpoints: readonly Endpoint[], { http, requestStatus }: Functions): readonly Route[] => [
  ...endpoints.map(({ name, path }) => route('POST', `/v1${path}`, http.get(name))),
  route('GET', '/v1/requests/{id}', requestStatus),
];

const route = (method: string, path: string, made: LocalFunction | undefined): Route => ({
  method,
  path,
  scopes: [scope],
  invoke: async (event) => made?.invoke(event),
});
