import { decodeUtf8, isRecord, parseJson } from '../json.ts';
import type { Arrival } from '../loopback.ts';
import { mediaType } from '../media-type.ts';
import { json, type Reply } from '../reply.ts';
import { invalidData, malformed, quotaReached, unsupportedMediaType } from './refusal.ts';
import { createResource, type Resource } from './resource.ts';
import type { Substitution } from './substitution.ts';
import { validate } from './validation.ts';

/** The resources of one collection, by id, oldest first. */
export type Collection = Map<string, Resource>;

/** A create that is being answered. */
export interface Creation extends Substitution {
  readonly collection: Collection;
  readonly arrival: Arrival;
}

/**
 * Called with every valid create before its resource is stored, and after. What it answers, if anything, goes out in
 * place of PingOne's answer; it may take its time.
 */
export type Intercept = (
  moment: 'before' | 'after',
  creation: Creation,
  resource?: Resource,
) => Promise<Reply | 'reset' | undefined>;

/** Answers a create as PingOne does. */
export const create = async (creation: Creation, clock: () => Date, intercept: Intercept): Promise<Reply | 'reset'> => {
  const { endpoint, collection, arrival } = creation;
  if (mediaType(arrival.headers) !== 'application/json') return unsupportedMediaType();
  const body = parseJson(decodeUtf8(arrival.body));
  if (!isRecord(body)) return malformed();
  const details = validate(endpoint.body, body);
  if (details.length > 0) return invalidData(details);

  const before = await intercept('before', creation);
  if (before !== undefined) return before;
  if (endpoint.quota !== undefined && collection.size >= endpoint.quota) return quotaReached(endpoint.quota);
  const resource = createResource(creation, body, clock());
  collection.set(resource.id, resource);
  return (await intercept('after', creation, resource)) ?? json(201, resource);
};
