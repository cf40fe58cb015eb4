import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import {
  lookupPath,
  otherMethods,
  otherPaths,
  otherWebhooks,
  routesOfEndpoint,
  statusPath,
  webhookPath,
} from '../../documents/routes.ts';
import { localWebhook } from '../gateway/local-webhook.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { Functions } from '../lambda/lambda.ts';
import type { Route } from './api-gateway.ts';
import type { Authorize } from './authorizer.ts';

/** The scope that a caller's token needs, unless it needs a role. */
export const scope = 'provision';

/** The routes of the API: those of each endpoint, one for the status of a request, and those for the rest. */
export const routesOf = (
  endpoints: readonly Endpoint[],
  { http, read, deploy, environmentLookup, requestStatus, notOffered }: Functions,
  scopes: readonly string[],
): readonly Route[] =>
  [
    ...endpoints.flatMap((endpoint) => {
      const { create, reads, deployment } = routesOfEndpoint(endpoint);
      return [
        route(create.method, create.path, http.get(endpoint.name)),
        ...reads.map(({ method, path }) => route(method, path, read.get(endpoint.name))),
        ...deployment.map(({ method, path }) => route(method, path, deploy.get(endpoint.name))),
      ];
    }),
    route('GET', lookupPath, environmentLookup),
    route('GET', statusPath, requestStatus),
    ...otherMethods.map((method) => route(method, otherPaths, notOffered)),
  ].map((each) => ({ ...each, scopes }));

/** The route of the local source of webhooks, and the one for sources that do not exist; without authorizer. */
export const webhookRoutes = ({ webhook }: Functions): readonly Route[] =>
  [webhookPath(localWebhook), otherWebhooks].map((path) => ({ ...route('POST', path, webhook), scopes: undefined }));

/** The same routes for callers of another kind: below a base path, with an authorizer of their own. */
export const withBasePath = (routes: readonly Route[], basePath: string, authorize: Authorize): readonly Route[] =>
  routes.map((each) => ({ ...each, path: basePath + each.path, authorize }));

const route = (method: string, path: string, made: LocalFunction | undefined): Omit<Route, 'scopes'> => ({
  method,
  path,
  invoke: async (event) => made?.invoke(event),
});
