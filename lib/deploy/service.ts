import type { Deployment, Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';

/** What one deployment puts into use: all resources of an endpoint below one path. */
export interface Service {
  readonly endpoint: Endpoint;
  readonly deployment: Deployment;
  /** PingOne's path of the deployment; the service's name in the ledger. */
  readonly path: string;
}

/** The service of a path's parameters. Throws if the endpoint needs no deployment. */
export const serviceOf = (endpoint: Endpoint, parameters: Readonly<Record<string, string>>): Service => {
  const { deployment } = endpoint;
  if (!deployment) throw new Error(`${endpoint.name} needs no deployment`);
  return { endpoint, deployment, path: fillPath(deployment.path, parameters) };
};
