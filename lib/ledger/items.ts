import * as z from 'zod/mini';

const text = z.string();
const time = z.number();

/** The item of one request: ids, hashes, codes and times (milliseconds since the epoch), never a body. */
export const requestItem = z.object({
  state: z.enum(['accepted', 'sending', 'created', 'rejected', 'unknown']),
  caller: text,
  /** Hash of the body, to compare a retry's. */
  fingerprint: text,
  /** The name item that this request holds while it is open. */
  name: text,
  parameters: z.record(z.string(), z.string()),
  /** The id of the last arrival. */
  arrivalID: text,
  /** The key to retry with, if the gateway chose it; a caller's own key is not kept. */
  key: z.optional(text),
  /** The token of the attempt that claimed the request. */
  owner: z.optional(text),
  /** End of the owner's lease. */
  lease: z.optional(time),
  /** When the first and the last send left that may have had an effect. */
  firstSent: z.optional(time),
  lastSent: z.optional(time),
  /** Latest end of the last send. */
  endedBy: z.optional(time),
  /** Time-out of a send that its claim recorded: without `endedBy` it ends by then. */
  timeoutMs: z.optional(time),
  /** Grace period: how long after `endedBy` PingOne may still list the resource; absent during a send. */
  graceMs: z.optional(time),
  /** The grace period of version 0.1, counted from `lastSent`. */
  settleMs: z.optional(time),
  resource: z.optional(text),
  /** Whether the resource is deployed after its create, and the number of its pending deployment. */
  deploys: z.optional(z.boolean()),
  deploymentNumber: z.optional(z.number()),
  /** The rejection: the problem's code, its status, and PingOne's codes. */
  problem: z.optional(text),
  status: z.optional(z.number()),
  codes: z.optional(z.array(text)),
  /** The arrival whose final answer this rejection is, as version 0.1 wrote it; see `finalMember`. */
  finalFor: z.optional(text),
  /** The operator who closed it by hand. */
  settledBy: z.optional(text),
  createdAt: time,
  updatedAt: time,
  /** In seconds since the epoch, as DynamoDB's TTL requires. */
  expires: z.optional(z.number()),
  /** The value of `expires` for a request that is kept longer than others. */
  keepUntil: z.optional(z.number()),
});

export type RequestItem = z.output<typeof requestItem>;

/** The member of a request item with the final answer to one arrival, which a redelivery gets again. */
export const finalMember = (arrivalID: string): string => `final ${arrivalID}`;

/** A recorded rejection: the problem's code, its status, and PingOne's codes. */
export const rejectionRecord = z.object({ problem: text, status: z.number(), codes: z.array(text) });

export type Rejection = z.output<typeof rejectionRecord>;
