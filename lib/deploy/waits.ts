import type { Problem } from '../problems.ts';

/** Minimum time by which a lease outlives the deadline of its attempt, in milliseconds. */
export const leaseMarginMs = 5_000;

/** Minimum time for a deployment, in milliseconds: with less it is left to the next attempt. */
export const minimumSendMs = 5_000;

const firstRetryMs = 10_000;
const longestRetryMs = 15 * 60_000;

/** The wait after a failed deployment, in milliseconds; `failures`: how many failed before it. */
export const retryMs = (failures: number): number => Math.min(longestRetryMs, firstRetryMs * 2 ** failures);

/** The wait after an attempt that deployed nothing and did not fail, in milliseconds: what PingOne asks for, or more. */
export const laterMs = (problem?: Problem): number => Math.max(firstRetryMs, problem?.facts.retryAfterMs ?? 0);

/** The minimum wait before a message comes again, in milliseconds: SQS gives it up after 1,000 receives. */
export const redeliveryMs = (receives: number): number => Math.min(longestRetryMs, 1_000 * 2 ** receives);
