import * as z from 'zod/mini';
import { finalMember, type Rejection, type RequestItem, rejectionRecord, requestItem } from './items.ts';
import type { Arrival, Claimed, Ledger } from './ledger.ts';
import { openNames, type RequestOwner } from './names.ts';
import { type Change, LedgerUnavailable, type Table } from './table.ts';

type Item = Readonly<Record<string, unknown>>;

/** Longer than the life of a message in a queue (4 days), its dead-letter queue (14 days) and after a redrive. */
const keepMs = 35 * 86_400_000;

/** Each state, as a value for conditions. */
const states = requestItem.shape.state.def.entries;

const closedMembers = ['expires', 'problem', 'status', 'codes', 'finalFor', 'resource', 'deploymentNumber'];
/** The members of a closed request that take another member's value, if its item has that. */
const inherit = { expires: 'keepUntil' };

const sendMembers = ['firstSent', 'lastSent', 'endedBy', 'timeoutMs', 'graceMs', 'settleMs'];

/**
 * The ledger of one endpoint; endpoints may share a table. `clockSkewMs` bounds the difference between the clocks of two
 * functions: another attempt claims a request only when its lease is over by every clock.
 */
export const openLedger = (table: Table, endpointName: string, clockSkewMs: number): Ledger => {
  const requestKey = (id: string) => `${endpointName}#request#${id}`;
  const present = async (id: string): Promise<Item> => {
    const item = await table.read(requestKey(id));
    if (!item) throw new LedgerUnavailable('the request item was deleted between two calls');
    return item;
  };
  const changed = async (id: string, change: Change) => (await table.change(requestKey(id), change)) !== undefined;
  const changedBy = ({ id, owner }: RequestOwner, change: Change) =>
    changed(id, { ...change, values: { ...states, ...change.values, owner } });
  const closed = (now: number, keepUntil?: number) => ({
    updatedAt: now,
    expires: keepUntil ?? Math.ceil((now + keepMs) / 1000),
  });
  const createdWith = (resource: string, now: number, deploymentNumber: number | undefined) => ({
    set: { state: 'created', resource, ...(deploymentNumber !== undefined && { deploymentNumber }), ...closed(now) },
    inherit,
    remove: ['lease', ...sendMembers],
  });

  return {
    ...openNames(table, endpointName),

    read: async (id) => {
      const item = await table.read(requestKey(id));
      return item && z.parse(requestItem, item);
    },

    claim: async ({ id, owner, lease }, arrival, now, timeoutMs) => {
      const final = finalMember(arrival.arrivalID);
      const send = timeoutMs === undefined ? {} : { firstSent: now, lastSent: now, timeoutMs };
      const claimed = (item: Item): Claimed => {
        const parsed = z.parse(requestItem, item);
        return { isOwner: true, item: parsed, isSendRecorded: 'lastSent' in send && hasSendOf(parsed, now) };
      };
      const item = await table.change(requestKey(id), {
        ...arrived(arrival, { state: 'sending', owner, lease, updatedAt: now }, { createdAt: now, ...send }),
        condition: `attribute_not_exists(pk) OR attribute_not_exists(#final) AND (
          #state = :created AND #expires < :seconds
          OR #state = :rejected AND (attribute_not_exists(#finalFor) OR #finalFor <> :arrivalID)
          OR #fingerprint = :fingerprint AND #state IN (:unknown, :accepted)
          OR #fingerprint = :fingerprint AND #state = :sending AND #lease < :expired)`,
        values: { ...states, seconds: now / 1000, expired: now - clockSkewMs },
        names: { final },
      });
      if (item) return claimed(item);
      const current = await present(id);
      const parsed = z.parse(requestItem, current);
      // The write may have been repeated because its answer was lost: with our own token the first one succeeded.
      if (parsed.owner === owner) return claimed(current);
      return { isOwner: false, item: parsed, final: finalIn(current, arrival.arrivalID) };
    },

    accept: async (id, arrival, now) => {
      const item = await table.change(requestKey(id), {
        ...arrived(arrival, { state: 'accepted', ...closed(now, arrival.keepUntil) }, { createdAt: now }),
        inherit,
        condition: `attribute_not_exists(pk) OR attribute_not_exists(#final) AND
          (#state = :rejected OR #state = :created AND #expires < :seconds)`,
        values: { ...states, seconds: now / 1000 },
        names: { final: finalMember(arrival.arrivalID) },
      });
      return z.parse(requestItem, item ?? (await present(id)));
    },

    deny: async (id, arrival, rejection, now) => {
      const changes = { state: 'rejected', ...rejection, final: rejection, ...closed(now, arrival.keepUntil) };
      await table.change(requestKey(id), {
        ...arrived(arrival, changes, { createdAt: now }),
        condition: 'attribute_not_exists(pk)',
        names: { final: finalMember(arrival.arrivalID) },
      });
    },

    renew: (claim, { firstSent, endedBy }, now) =>
      changedBy(claim, {
        set: { lease: claim.lease, firstSent, lastSent: now, endedBy, updatedAt: now },
        remove: ['graceMs', 'settleMs'],
        // A late write must not undo a later one.
        condition:
          '#owner = :owner AND #state = :sending AND (attribute_not_exists(#lastSent) OR #lastSent <= :lastSent)',
      }),

    close: (claim, resource, now, deploymentNumber) =>
      changedBy(claim, {
        ...createdWith(resource, now, deploymentNumber),
        condition: '#owner = :owner AND #state = :sending',
      }),

    created: (claim, resource, now, deploymentNumber) =>
      changedBy(claim, {
        ...createdWith(resource, now, deploymentNumber),
        condition: `attribute_exists(pk) AND
          (#owner = :owner OR #resource = :resource OR NOT #state IN (:sending, :state))`,
      }),

    rejected: (claim, rejection, now, finalFor) => {
      const set = { state: 'rejected', ...rejection, ...closed(now) };
      const change = { set, inherit, remove: ['lease', ...sendMembers], condition: '#owner = :owner' };
      if (finalFor === undefined) return changedBy(claim, change);
      const names = { final: finalMember(finalFor) };
      return changedBy(claim, { ...change, set: { ...set, final: rejection }, names });
    },

    finalAnswer: async (id, arrivalID) => {
      const item = await table.read(requestKey(id));
      return finalIn(item, arrivalID);
    },

    answerFinally: (id, { arrivalID, fingerprint }, rejection) =>
      changed(id, {
        set: { final: rejection },
        // A late write must not answer an arrival that was redelivered and claimed the request.
        condition: 'attribute_exists(pk) AND attribute_not_exists(#final) AND #fingerprint <> :fingerprint',
        values: { fingerprint },
        names: { final: finalMember(arrivalID) },
      }),

    unknown: (claim, { firstSent, endedBy, graceMs }, now) =>
      changedBy(claim, {
        set: { state: 'unknown', firstSent, endedBy, graceMs, updatedAt: now },
        remove: ['lease', 'settleMs'],
        // A late write must not reopen a closed request.
        condition: '#owner = :owner AND #state IN (:sending, :state)',
      }),

    reopen: (claim, resource, { firstSent, endedBy, graceMs }, now) =>
      changedBy(claim, {
        set: { state: 'unknown', firstSent, lastSent: firstSent, endedBy, graceMs, updatedAt: now },
        remove: ['resource', 'deploymentNumber', 'expires'],
        condition: '#owner = :owner AND #state = :created AND #resource = :resource',
        values: { resource },
      }),
  };
};

/**
 * Whether the item's send is one that a claim recorded at `now`. An earlier send has ended (`graceMs`, `settleMs`), or its
 * lease is over, and it left before `now`.
 */
const hasSendOf = ({ lastSent, graceMs, settleMs }: RequestItem, now: number): boolean =>
  lastSent === now && graceMs === undefined && settleMs === undefined;

/** The change of a request item by a first or repeated arrival; `initial`: members to set only if absent. */
const arrived = (arrival: Arrival, changes: Item, initial: Item) => {
  const { caller, fingerprint, name, parameters, arrivalID, key, settledBy, keepUntil, deploys } = arrival;
  const set = { caller, fingerprint, name, parameters, arrivalID, key, settledBy, keepUntil, deploys, ...changes };
  return {
    set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
    initial,
    remove: closedMembers.filter((member) => !(member in changes)),
  };
};

const finalIn = (item: Item | undefined, arrivalID: string): Rejection | undefined =>
  z.safeParse(rejectionRecord, item?.[finalMember(arrivalID)]).data;
