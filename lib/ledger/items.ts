import * as z from 'zod/mini';

const text = z.string();
const time = z.number();

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
  /** How long after `lastSent` PingOne may still complete it. */
  settleMs: z.optional(time),
  resource: z.optional(text),
  /** Why it was rejected: the problem's code, its status, and PingOne's codes. */
  problem: z.optional(text),
  status: z.optional(z.number()),
  codes: z.optional(z.array(text)),
  /** The arrival that the rejection is the last word for: its repetition gets the same, another one starts afresh. */
  finalFor: z.optional(text),
  /** The operator who closed it by hand. */
  settledBy: z.optional(text),
  createdAt: time,
  updatedAt: time,
  /** In seconds since the epoch, as DynamoDB's TTL wants it. */
  expires: z.optional(z.number()),
});

export type RequestItem = z.output<typeof requestItem>;

/** What the ledger remembers of one name: the one open request, and as `taken <resource id>` which request made what. */
export const nameItem = z.object({ holder: z.optional(text) });

/** The member of a name item that says which request a resource belongs to. */
export const takenMember = (resource: string): string => `taken ${resource}`;

/** Resource id -> request id, of everything that was made under a name. */
export const takenOf = (item: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(item).flatMap(([member, request]) =>
      member.startsWith('taken ') && typeof request === 'string' ? [[member.slice(6), request]] : [],
    ),
  );
