import * as z from 'zod/mini';
import { nameItem, requestItem, takenMember, takenOf } from './items.ts';
import type { Arrival, Ledger } from './ledger.ts';
import { type Change, LedgerUnavailable, type Table } from './table.ts';

/** Longer than a message can live in a queue (4 days), its dead-letter queue (14) and after a redrive. */
const keepMs = 35 * 86_400_000;

const states = {
  accepted: 'accepted',
  sending: 'sending',
  created: 'created',
  rejected: 'rejected',
  unknown: 'unknown',
};

const ofClosed = ['expires', 'problem', 'status', 'codes', 'finalFor', 'resource'];
const whileOpen = ['owner', 'lease', 'settleMs'];
const ofSends = ['firstSent', 'lastSent'];

/** The ledger of one endpoint in a table that it may share. */
export const openLedger = (table: Table, endpointName: string): Ledger => {
  const requestKey = (id: string) => `${endpointName}#request#${id}`;
  const nameKey = (name: string) => `${endpointName}#name#${name}`;
  const read = async (id: string) => {
    const item = await table.read(requestKey(id));
    return item && z.parse(requestItem, item);
  };
  const present = async (id: string) => {
    const item = await read(id);
    if (!item) throw new LedgerUnavailable('the request item went away between two calls');
    return item;
  };
  const changed = async (key: string, change: Change) => (await table.change(key, change)) !== undefined;
  const close = (now: number) => ({ updatedAt: now, expires: Math.ceil((now + keepMs) / 1000) });

  return {
    read,

    claim: async ({ id, owner, lease, fromQueue }, arrival, now) => {
      const item = await table.change(requestKey(id), {
        ...arriving(arrival, { state: 'sending', owner, lease, updatedAt: now }, now),
        condition: `attribute_not_exists(pk) OR #state = :created AND #expires < :seconds
          OR #state = :rejected AND attribute_not_exists(#finalFor)
          OR #state = :rejected AND #finalFor <> :arrivalID
          OR #fingerprint = :fingerprint AND #state = :unknown
          OR #fingerprint = :fingerprint AND #state = :sending AND #lease < :now
          ${fromQueue ? 'OR #fingerprint = :fingerprint AND #state = :accepted' : ''}`,
        values: { ...states, now, seconds: now / 1000 },
      });
      if (item) return { mine: true, item: z.parse(requestItem, item) };
      const standing = await present(id);
      // The SDK may have repeated a write whose answer was lost: our own token means that it was done.
      return { mine: standing.owner === owner, item: standing };
    },

    accept: async (id, arrival, now) => {
      const item = await table.change(requestKey(id), {
        ...arriving(arrival, { state: 'accepted', ...close(now) }, now),
        condition: 'attribute_not_exists(pk) OR #state = :rejected OR #state = :created AND #expires < :seconds',
        values: { ...states, seconds: now / 1000 },
      });
      return item ? z.parse(requestItem, item) : present(id);
    },

    hold: async (name, id, instead) => {
      const set = { holder: id };
      const condition =
        instead === undefined ? 'attribute_not_exists(#holder) OR #holder = :holder' : '#holder IN (:holder, :instead)';
      const item =
        (await table.change(nameKey(name), { set, condition, values: { instead } })) ??
        (await table.read(nameKey(name))) ??
        {};
      return { holder: z.parse(nameItem, item).holder, taken: takenOf(item) };
    },

    renew: ({ id, owner, lease }, now) =>
      changed(requestKey(id), {
        set: { lease, lastSent: now, updatedAt: now },
        initial: { firstSent: now },
        remove: ['settleMs'],
        condition: '#owner = :owner AND #state = :sending',
        values: { owner, sending: 'sending' },
      }),

    take: async (name, id, resource) => {
      const change = { set: { resource: id }, names: { resource: takenMember(resource) } };
      const turn = {
        ...change,
        remove: ['holder'],
        condition:
          '#holder = :resource AND attribute_not_exists(#resource) OR #holder = :resource AND #resource = :resource',
      };
      const condition = 'attribute_not_exists(#resource) OR #resource = :resource';
      // The turn may have been lost meanwhile, or the first write was done and its answer lost.
      return (await changed(nameKey(name), turn)) || changed(nameKey(name), { ...change, condition });
    },

    release: async (name, id) => {
      await table.change(nameKey(name), { remove: ['holder'], condition: '#holder = :id', values: { id } });
    },

    created: (id, resource, now) =>
      changed(requestKey(id), {
        set: { state: 'created', resource, ...close(now) },
        remove: [...whileOpen, ...ofSends],
        condition: 'attribute_exists(pk) AND #state <> :state OR #resource = :resource',
      }),

    rejected: ({ id, owner }, rejection, now) =>
      changed(requestKey(id), {
        set: { state: 'rejected', ...rejection, ...close(now) },
        remove: [...whileOpen, ...ofSends],
        condition: '#owner = :owner',
        values: { owner },
      }),

    unknown: ({ id, owner }, settleMs, now) =>
      changed(requestKey(id), {
        set: { state: 'unknown', settleMs, updatedAt: now },
        remove: ['owner', 'lease'],
        condition: '#owner = :owner',
        values: { owner },
      }),
  };
};

/** What an item becomes when its request comes in, anew or again. */
const arriving = (arrival: Arrival, changes: Readonly<Record<string, unknown>>, now: number) => {
  const { caller, fingerprint, name, parameters, arrivalID, key, settledBy } = arrival;
  const set = { caller, fingerprint, name, parameters, arrivalID, key, settledBy, ...changes };
  return {
    set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
    initial: { createdAt: now },
    remove: ofClosed.filter((member) => !(member in changes)),
  };
};
