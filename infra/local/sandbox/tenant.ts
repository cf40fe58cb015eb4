import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { exampleParameters } from '../example-parameters.ts';
import { isRecord } from '../json.ts';
import type { Arrival } from '../loopback.ts';
import { fillPath, matchPath } from '../path-template.ts';
import { json, type Reply } from '../reply.ts';
import { type Collection, create, type Intercept } from './creation.ts';
import { notFound } from './refusal.ts';
import { type Substitution, substitute } from './substitution.ts';

export interface TenantOptions {
  readonly endpoints: readonly Endpoint[];
  readonly apiBase: string;
  /** By path below the API base. */
  readonly collections: Map<string, Collection>;
  readonly clock: () => Date;
  readonly intercept: Intercept;
}

/** Answers the platform API of a caller who may do all: create, list, read and delete below each endpoint's path. */
export const createTenant =
  ({ endpoints, apiBase, collections, clock, intercept }: TenantOptions) =>
  async (arrival: Arrival): Promise<Reply | 'reset'> => {
    const place = placeOf(endpoints, arrival.path.slice('/v1'.length));
    if (place === undefined) return notFound();
    const { endpoint, parameters, id, path } = place;
    const collection = collections.get(path) ?? new Map();
    collections.set(path, collection);
    const substitution = { endpoint, parameters, apiBase };

    if (id === undefined) {
      if (arrival.method === 'POST') return create({ ...substitution, collection, arrival }, clock, intercept);
      return arrival.method === 'GET' ? json(200, listOf(collection, substitution, path)) : notFound();
    }
    const resource = collection.get(id);
    if (resource === undefined) return notFound();
    if (arrival.method === 'DELETE') {
      collection.delete(id);
      return { status: 204 };
    }
    return arrival.method === 'GET' ? json(200, resource) : notFound();
  };

/** The collection that a path names, and the resource in it, where environment and API server exist. */
const placeOf = (endpoints: readonly Endpoint[], path: string) => {
  const existing = exampleParameters(endpoints);
  for (const endpoint of endpoints) {
    const item = matchPath(`${endpoint.path}/{resource id}`, path);
    const found = matchPath(endpoint.path, path) ?? item;
    if (found === undefined) continue;
    const { 'resource id': id, ...parameters } = found;
    const exists = Object.entries(parameters).every(([name, value]) => existing.get(name)?.has(value));
    return exists ? { endpoint, parameters, id, path: fillPath(endpoint.path, parameters) } : undefined;
  }
  return undefined;
};

const listOf = (collection: Collection, substitution: Substitution, path: string) => {
  const { endpoint, apiBase } = substitution;
  const { _links: links }: Record<string, unknown> = endpoint.example.resource;
  const environment = isRecord(links) && { environment: substitute(links.environment, substitution) };
  return {
    _links: { self: { href: `${apiBase}${path}` }, ...environment },
    _embedded: { [endpoint.path.split('/').at(-1) ?? '']: [...collection.values()] },
    count: collection.size,
    size: collection.size,
  };
};
