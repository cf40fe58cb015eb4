import { distance } from 'fastest-levenshtein';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { routesOfEndpoint, statusPath } from '../../documents/routes.ts';
import { withoutBasePath } from '../api-gateway/base-path.ts';

const routes = [
  ...endpoints.flatMap((endpoint) => {
    const { create, reads } = routesOfEndpoint(endpoint);
    return [create, ...reads];
  }),
  { method: 'GET', path: statusPath },
];

/** Whether a route of the API takes a request. */
export const isRouted = (method: string, path: string): boolean =>
  routes.some((route) => route.method === method && matchPath(route.path, withoutBasePath(path)) !== undefined);

/** A hint for a request without a route: its methods, or the nearest route. */
export const routeHint = (method: string, requested: string): string => {
  const path = withoutBasePath(requested);
  const known = routes.filter((route) => matchPath(route.path, path)).map((route) => route.method);
  if (known.length > 0) return `This path allows ${known.join(' or ')}, not ${method}: the gateway creates and reads.`;
  const [nearest] = routes.toSorted((one, other) => far(one.path, path) - far(other.path, path));
  return `Did you mean ${nearest?.method} ${requested.slice(0, -path.length)}${nearest?.path}?`;
};

/** The distance of a path from a template; ids don't count. */
const far = (template: string, path: string): number =>
  distance(template.replace(/\{\w+\}/g, '·'), path.replace(/[\da-f]{8}-[\da-f-]{27}|[\da-f]{64}|\{\w+\}/gi, '·'));
