import * as z from 'zod/mini';

const text = z.string();
const time = z.number();

/** The item of one deployable service: counters, ids, codes and times (milliseconds since the epoch). */
export const deploymentItem = z.object({
  /** The last wish: counts the created resources that wait, or waited, for a deployment. */
  wanted: z._default(z.number(), 0),
  /** The last wish that a deployment covers. */
  deployed: z._default(z.number(), 0),
  /** The caller of the last wish. */
  caller: z.optional(text),
  /** Since when a wish has been waiting. */
  wantedAt: z.optional(time),
  /** PingOne's time of the last deployment, or ours if it gave none. */
  deployedAt: z.optional(time),
  /** The token of the attempt that may deploy now, and the end of its lease. */
  owner: z.optional(text),
  lease: z.optional(time),
  /** A deployment without a known end: its attempt, when it began, and the last wish before it. */
  openBy: z.optional(text),
  openSince: z.optional(time),
  openWish: z.optional(z.number()),
  /** Failures since the last deployment, and the code of the last one. */
  failures: z._default(z.number(), 0),
  error: z.optional(text),
  /** When the next automatic attempt may begin. */
  retryAt: z.optional(time),
});

export type DeploymentItem = z.output<typeof deploymentItem>;
