import * as z from 'zod/mini';

const text = z.string();
const time = z.number();

/** The item of one deployable service: counters, ids, codes and times (milliseconds since the epoch). */
export const deploymentItem = z.object({
  /** Counts the created resources that wait, or waited, for a deployment: the number of the last pending deployment. */
  wanted: z._default(z.number(), 0),
  /** The number of the last one that a deployment covers. */
  deployed: z._default(z.number(), 0),
  /** The caller of the last one. */
  caller: z.optional(text),
  /** Since when a deployment has been pending. */
  wantedAt: z.optional(time),
  /** PingOne's time of the last deployment, or ours if it gave none. */
  deployedAt: z.optional(time),
  /** The token of the attempt that may deploy now, and the end of its lease. */
  owner: z.optional(text),
  lease: z.optional(time),
  /** A deployment without a known end: its attempt, when it began, and the number that it covers. */
  openBy: z.optional(text),
  openSince: z.optional(time),
  openCovers: z.optional(z.number()),
  /** Failures since the last deployment, and the code of the last one. */
  failures: z._default(z.number(), 0),
  error: z.optional(text),
  /** When the next automatic attempt may begin. */
  retryAt: z.optional(time),
});

export type DeploymentItem = z.output<typeof deploymentItem>;
