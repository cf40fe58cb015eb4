import * as z from 'zod/mini';

const text = z.string();
const time = z.number();

type Item = Readonly<Record<string, unknown>>;

/** What the ledger remembers of one request. Ids, hashes, codes and times (milliseconds since the epoch), never a body. */
export const requestItem = z.object({
  state: z.enum(['accepted', 'sending', 'created', 'rejected', 'unknown']),
  caller: text,
  /** Tells whether a retry brings the same body. */
  fingerprint: text,
  /** The name item that this request needs to hold while it is open. */
  name: text,
  parameters: z.record(z.string(), z.string()),
  /** The id of what came in last. */
  arrivalID: text,
  /** The key to retry with where the gateway chose it; a caller's own is not kept. */
  key: z.optional(text),
  /** Who is at it, until when. */
  owner: z.optional(text),
  lease: z.optional(time),
  /** When the first and the last create left, that may have had an effect. */
  firstSent: z.optional(time),
  lastSent: z.optional(time),
  /** Latest moment at which the last one can have ended. */
  endedBy: z.optional(time),
  /** How long after `endedBy` PingOne may still list what was made; absent while a send is under way. */
  graceMs: z.optional(time),
  /** The grace period as version 0.1 wrote it, counted from `lastSent`. */
  settleMs: z.optional(time),
  resource: z.optional(text),
  /** Why it was rejected: the problem's code, its status, and PingOne's codes. */
  problem: z.optional(text),
  status: z.optional(z.number()),
  codes: z.optional(z.array(text)),
  /** The arrival that got this rejection as its final answer, as version 0.1 wrote it; see `finalMember`. */
  finalFor: z.optional(text),
  /** The operator who closed it by hand. */
  settledBy: z.optional(text),
  createdAt: time,
  updatedAt: time,
  /** In seconds since the epoch, as DynamoDB's TTL wants it. */
  expires: z.optional(z.number()),
});

export type RequestItem = z.output<typeof requestItem>;

/** The member of a request's item that has the final answer to one arrival: redelivered, it gets the same. */
export const finalMember = (arrivalID: string): string => `final ${arrivalID}`;

/** A rejection as the ledger keeps it: the problem's code, its status, and PingOne's codes. */
export const rejectionRecord = z.object({ problem: text, status: z.number(), codes: z.array(text) });

export type Rejection = z.output<typeof rejectionRecord>;

/** What the ledger remembers of one name, beside which request made what (`takenMember`). */
export const nameItem = z.object({
  /** The one request that may have a send open. */
  holder: z.optional(text),
  /** The owner token of its attempt that became the holder; version 0.1 wrote none. */
  by: z.optional(text),
});

/** The member of a name item that says which request a resource belongs to. */
export const takenMember = (resource: string): string => `taken ${resource}`;

/** Its value: the request's id, and for a request without a key when it was settled, in milliseconds since the epoch. */
export const takenValue = (request: string, keylessAt?: number): string =>
  keylessAt === undefined ? request : `${request} ${keylessAt}`;

/** Resource id -> request id, of everything that was made under a name. */
export const takenOf = (item: Item): ReadonlyMap<string, string> =>
  new Map(takenIn(item).map(({ resource, request }) => [resource, request]));

/** Request id -> when it was settled, of the requests without a key. */
export const keylessOf = (item: Item): ReadonlyMap<string, number> =>
  new Map(takenIn(item).flatMap(({ request, keylessAt }) => (keylessAt ? [[request, Number(keylessAt)]] : [])));

const takenIn = (item: Item) =>
  Object.entries(item).flatMap(([member, value]) => {
    if (!member.startsWith('taken ') || typeof value !== 'string') return [];
    const [request = '', keylessAt] = value.split(' ');
    return [{ resource: member.slice(6), request, keylessAt }];
  });
