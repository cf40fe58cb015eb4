import * as z from 'zod/mini';
import type { Table } from './table.ts';

type Item = Readonly<Record<string, unknown>>;

/** One attempt at a request. */
export interface RequestOwner {
  readonly id: string;
  /** A token that no other attempt has. */
  readonly owner: string;
}

/** Resource id -> request id, of the resources created with a name. */
export type AssignedResources = ReadonlyMap<string, string>;

/** A name: the request that may have an open send, the token of its attempt, and the resources created with the name. */
export interface NameRecord {
  readonly holder: string | undefined;
  readonly by: string | undefined;
  readonly assigned: AssignedResources;
  /** Request id -> when it was settled, of the requests without a key. */
  readonly keyless: ReadonlyMap<string, number>;
}

/** The names of an endpoint's resources. @throws LedgerUnavailable from every call */
export interface Names {
  readName(name: string): Promise<NameRecord>;
  /** Makes the claim's request the holder of a name that is free or held by the attempt `instead`; returns the name. */
  hold(name: string, claim: RequestOwner, instead?: string): Promise<NameRecord>;
  /**
   * Assigns the resource to the claim's request, and ends the hold of the claim's own attempt. Returns the resources
   * assigned then; undefined if the resource is another request's. `keylessAt`: when a request without a key is settled.
   */
  assign(
    name: string,
    claim: RequestOwner,
    resource: string,
    keylessAt?: number,
  ): Promise<AssignedResources | undefined>;
  /** Ends the hold of the claim's own attempt. */
  release(name: string, claim: Pick<RequestOwner, 'owner'>): Promise<void>;
}

export const openNames = (table: Table, endpointName: string): Names => {
  const nameKey = (name: string) => `${endpointName}#name#${name}`;
  return {
    readName: async (name) => nameRecordOf(await table.read(nameKey(name))),

    hold: async (name, { id, owner }, instead) => {
      const item = await table.change(nameKey(name), {
        set: { holder: id, by: owner },
        // Replaces only the hold that was read: an attempt's token is never used again.
        condition: `attribute_not_exists(#holder) OR #by IN (:by, :instead)`,
        values: { instead: instead ?? owner },
      });
      return nameRecordOf(item ?? (await table.read(nameKey(name))));
    },

    assign: async (name, { id, owner }, resource, keylessAt) => {
      const set = { taken: assignmentValue(id, keylessAt) };
      const names = { taken: assignmentMember(resource) };
      const isFree = '(attribute_not_exists(#taken) OR begins_with(#taken, :id))';
      const item =
        (await table.change(nameKey(name), {
          set,
          names,
          remove: ['holder', 'by'],
          condition: `#by = :owner AND ${isFree}`,
          values: { owner, id },
        })) ??
        // Another attempt has the hold, or the first write succeeded and its answer was lost.
        (await table.change(nameKey(name), { set, names, condition: isFree, values: { id } }));
      return item && assignedIn(item);
    },

    release: async (name, { owner }) => {
      await table.change(nameKey(name), { remove: ['holder', 'by'], condition: '#by = :owner', values: { owner } });
    },
  };
};

const nameRecordOf = (item: Item = {}): NameRecord => {
  const { holder, by } = z.parse(nameItem, item);
  return { holder, by, assigned: assignedIn(item), keyless: keylessOf(item) };
};

/** The item of one name, without the requests of its resources (`assignmentMember`). */
export const nameItem = z.object({
  /** The one request that may have an open send. */
  holder: z.optional(z.string()),
  /** The owner token of the holder's attempt; version 0.1 wrote none. */
  by: z.optional(z.string()),
});

/** The member of a name item that assigns a resource to a request, named as in version 0.1. */
export const assignmentMember = (resource: string): string => `taken ${resource}`;

/** Its value: the request's id and, for a request without a key, when it was settled (milliseconds since the epoch). */
const assignmentValue = (request: string, keylessAt?: number): string =>
  keylessAt === undefined ? request : `${request} ${keylessAt}`;

/** Resource id -> request id, of all resources created with a name. */
export const assignedIn = (item: Item): AssignedResources =>
  new Map(assignmentsIn(item).map(({ resource, request }) => [resource, request]));

/** Request id -> when it was settled, of the requests without a key. */
export const keylessOf = (item: Item): ReadonlyMap<string, number> =>
  new Map(assignmentsIn(item).flatMap(({ request, keylessAt }) => (keylessAt ? [[request, Number(keylessAt)]] : [])));

const assignmentsIn = (item: Item) =>
  Object.entries(item).flatMap(([member, value]) => {
    if (!member.startsWith('taken ') || typeof value !== 'string') return [];
    const [request = '', keylessAt] = value.split(' ');
    return [{ resource: member.slice(6), request, keylessAt }];
  });
