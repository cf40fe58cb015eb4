import type { Reply } from '../loopback/reply.ts';
import { nameTaken, quotaReached } from './refusal.ts';
import type { Resource } from './resource.ts';

/** A resource, with its time of creation and of first appearance in lists, in milliseconds since 1970. */
export interface Stored {
  readonly resource: Resource;
  readonly at: number;
  readonly listedAt: number;
}

/** The resources of one collection, by id, oldest first. */
export type Collection = Map<string, Stored>;

/** Thrown where a collection refuses a resource. */
export class CreateRefused extends Error {
  override readonly name = 'Refused';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

interface Rules {
  readonly quota: number | undefined;
  /** Whether a name is unique in the collection. */
  readonly uniqueNames: boolean;
  /** Milliseconds from a resource's creation to its first appearance in a list. */
  readonly listedAfterMs: number;
}

/** Stores a new resource, unless a rule of the collection refuses it. @throws Refused */
export const store = (collection: Collection, make: () => Resource, at: number, rules: Rules): Resource => {
  const { quota, uniqueNames, listedAfterMs } = rules;
  if (quota !== undefined && collection.size >= quota) throw new CreateRefused(quotaReached(quota));
  const resource = make();
  const isTaken = uniqueNames && [...collection.values()].some((other) => other.resource.name === resource.name);
  if (isTaken) throw new CreateRefused(nameTaken(String(resource.name)));
  collection.set(resource.id, { resource, at, listedAt: at + listedAfterMs });
  return resource;
};
