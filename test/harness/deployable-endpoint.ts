import type { Deployment, Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';

const first = (): { readonly endpoint: Endpoint; readonly deployment: Deployment } => {
  for (const endpoint of endpoints) {
    const { deployment } = endpoint;
    if (deployment) return { endpoint, deployment };
  }
  throw new Error('no endpoint needs a deployment');
};

/** The first endpoint that needs a deployment. */
export const { endpoint, deployment } = first();

/** The path of its example's deployment, below the API base. */
export const deploymentPath: string = fillPath(deployment.path, endpoint.example.parameters);
