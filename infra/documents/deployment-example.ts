import type { Deployment, Endpoint } from '../../lib/endpoints/endpoint.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { isMembers, valueAt } from '../../lib/validation/members.ts';

/** PingOne's documented 200 body of a deployment, with its links. */
export const deploymentExample = (
  { example: { parameters, resource } }: Endpoint,
  { path, example }: Deployment,
): Readonly<Record<string, unknown>> => {
  const links = valueAt(resource, '_links');
  const self = { href: `https://api.pingone.com/v1${fillPath(path, parameters)}` };
  return { _links: { ...(isMembers(links) && links), self }, ...example };
};
