import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';

const first = (): Endpoint => {
  const [found] = endpoints;
  if (found === undefined) throw new Error('there is no endpoint');
  return found;
};

/** The first one, for tests of any endpoint. */
export const endpoint: Endpoint = first();

/** The collection of its example, below the API base. */
export const collection: string = fillPath(endpoint.path, endpoint.example.parameters);
