import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { environmentPath, fillPath, matchPath } from '../../../lib/endpoints/path.ts';
import { exampleEnvironment } from '../../documents/openapi/environment.ts';
import { isRecord } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import { json } from '../loopback/reply.ts';
import { exampleParameters } from '../web/example-parameters.ts';
import type { Collection, Stored } from './collection.ts';
import { type CreationOptions, create } from './creation.ts';
import type { createDeployments } from './deployments.ts';
import { meet } from './fault-kind.ts';
import { type ListFault, listFaults } from './list-faults.ts';
import { notFound } from './refusal.ts';
import { type Substitution, substitute } from './substitution.ts';

/** A request for a list. */
export interface Listing extends Substitution {
  readonly collection: Collection;
  readonly arrival: Arrival;
}

interface TenantOptions extends CreationOptions {
  readonly endpoints: readonly Endpoint[];
  readonly apiBase: string;
  /** By path below the API base. */
  readonly collections: Map<string, Collection>;
  /** Chooses a fault for a list, if any. */
  readonly listFaultOf: (listing: Listing) => ListFault | undefined;
  readonly deployments: ReturnType<typeof createDeployments>;
}

/**
 * The platform API for a caller with all permissions: create, list, read and delete below each endpoint's path, and reads
 * of the environments.
 */
export const createTenant =
  (options: TenantOptions) =>
  async (arrival: Arrival): Promise<Outgoing> => {
    const { endpoints, apiBase, collections, deployments } = options;
    const deployed = await deployments.answer(arrival, endpoints, (parameters) => isKnown(endpoints, parameters));
    if (deployed !== undefined) return deployed;
    const below = arrival.path.slice('/v1'.length);
    const environment = matchPath(environmentPath, below);
    if (environment !== undefined) {
      const isThere = arrival.method === 'GET' && isKnown(endpoints, environment);
      return isThere ? json(200, { ...exampleEnvironment, id: environment.environmentID }) : notFound();
    }
    const place = placeOf(endpoints, below);
    if (place === undefined) return notFound();
    const { endpoint, parameters, id, path } = place;
    const collection = collections.get(path) ?? new Map();
    collections.set(path, collection);
    const whole = { endpoint, parameters, apiBase, collection, arrival };

    if (id === undefined) {
      if (arrival.method === 'POST') return create(whole, options);
      return arrival.method === 'GET' ? list(whole, path, options) : notFound();
    }
    const stored = collection.get(id);
    if (stored === undefined) return notFound();
    if (arrival.method === 'DELETE') {
      collection.delete(id);
      return { status: 204 };
    }
    return arrival.method === 'GET' ? json(200, stored.resource) : notFound();
  };

/** The collection and the resource of a path; undefined where environment or API server do not exist. */
const placeOf = (endpoints: readonly Endpoint[], path: string) => {
  for (const endpoint of endpoints) {
    const item = matchPath(`${endpoint.path}/{resource id}`, path);
    const found = matchPath(endpoint.path, path) ?? item;
    if (found === undefined) continue;
    const { 'resource id': id, ...parameters } = found;
    return isKnown(endpoints, parameters)
      ? { endpoint, parameters, id, path: fillPath(endpoint.path, parameters) }
      : undefined;
  }
  return undefined;
};

const isKnown = (endpoints: readonly Endpoint[], parameters: Readonly<Record<string, string>>): boolean => {
  const existing = exampleParameters(endpoints);
  return Object.entries(parameters).every(([name, value]) => existing.get(name)?.has(value));
};

const list = (listing: Listing, path: string, { listFaultOf, waiting }: TenantOptions) => {
  const since = (lagMs: number) => json(200, listOf(listing, path, lagMs, waiting.now()));
  const fault = listFaultOf(listing);
  return fault ? meet(listFaults, fault, { list: since }) : since(0);
};

/** PingOne's answer to a list, without resources younger than `lagMs`. */
const listOf = ({ collection, ...substitution }: Listing, path: string, lagMs: number, now: number) => {
  const { endpoint, apiBase } = substitution;
  const { _links: links }: Record<string, unknown> = endpoint.example.resource;
  const environment = isRecord(links) && { environment: substitute(links.environment, substitution) };
  const isListed = ({ at, listedAt }: Stored) => Math.max(at + lagMs, listedAt) <= now;
  const resources = [...collection.values()].filter(isListed).map(({ resource }) => resource);
  return {
    _links: { self: { href: `${apiBase}${path}` }, ...environment },
    _embedded: { [endpoint.path.split('/').at(-1) ?? '']: resources },
    count: resources.length,
    size: resources.length,
  };
};
