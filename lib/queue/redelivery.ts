import type { Problem } from '../problems.ts';

const longestWaitMs = 15 * 60_000;

/** SQS dead-letters a message after 100 receives. 20 quick receives and 72 in the rest of six hours stay below that. */
const quickReceives = 20;
const slowWaitMs = 5 * 60_000;

/**
 * The wait before a message is redelivered, in milliseconds. Backs off exponentially, then slowly enough that six hours do
 * not use up the receives. The wait for another attempt or a grace period is known; a `Retry-After` of PingOne only
 * lengthens the backoff.
 */
export const redeliveryWaitMs = (receives: number, { code, facts: { retryAfterMs } }: Problem): number => {
  const backoffMs = Math.min(longestWaitMs, 1_000 * 2 ** receives);
  const isKnown = code === 'REQUEST_IN_PROGRESS' || code === 'OUTCOME_UNKNOWN';
  const waitMs = isKnown ? (retryAfterMs ?? backoffMs) : Math.max(backoffMs, retryAfterMs ?? 0);
  return receives > quickReceives ? Math.max(waitMs, slowWaitMs) : waitMs;
};
