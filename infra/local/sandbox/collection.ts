import type { Reply } from '../loopback/reply.ts';
import { nameTaken, quotaReached } from './refusal.ts';
import type { Resource } from './resource.ts';

/** A resource, and when it was stored and is listed, in milliseconds since the epoch. */
export interface Stored {
  readonly resource: Resource;
  readonly at: number;
  readonly listedAt: number;
}

/** The resources of one collection, by id, oldest first. */
export type Collection = Map<string, Stored>;

/** Thrown when a collection takes no more, or not this one. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

export interface Rules {
  readonly quota: number | undefined;
  /** Whether a name may be there once only. */
  readonly uniqueNames: boolean;
  /** How long after it was stored a list shows the resource, in milliseconds. */
  readonly listedAfterMs: number;
}

/** Stores what is made, if the collection may take it. @throws Refused */
export const store = (collection: Collection, make: () => Resource, at: number, rules: Rules): Resource => {
  const { quota, uniqueNames, listedAfterMs } = rules;
  if (quota !== undefined && collection.size >= quota) throw new Refused(quotaReached(quota));
  const resource = make();
  const isTaken = uniqueNames && [...collection.values()].some((other) => other.resource.name === resource.name);
  if (isTaken) throw new Refused(nameTaken(String(resource.name)));
  collection.set(resource.id, { resource, at, listedAt: at + listedAfterMs });
  return resource;
};
