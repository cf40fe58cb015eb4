import { defaultTimings, type Timings } from '../../../lib/provision/timings.ts';

/** The times of the functions, in milliseconds: short ones, since here they pass in real time. */
export const timings: Timings = {
  ...defaultTimings,
  attempt: 2_000,
  graceAnswered: 3_000,
  graceLost: 8_000,
  keylessReplay: 20_000,
};

/** The same times as environment variables. */
export const settings = {
  PINGONE_TIMEOUT_MS: String(timings.attempt),
  GRACE_ANSWERED_MS: String(timings.graceAnswered),
  GRACE_LOST_MS: String(timings.graceLost),
  KEYLESS_REPLAY_MS: String(timings.keylessReplay),
};

/** Time-outs of the functions, in milliseconds: each leaves five seconds for calls to PingOne. */
export const functionTimeoutMs = { http: 7_000, queue: 13_000, 'request-status': 5_000 } as const;

/** Shorter than the queue function's time-out, so that a message is redelivered while it is being processed. */
export const visibilityTimeoutSeconds = 10;

/** Largest error of a clock, in milliseconds: two clocks differ by `clockSkew` at most. */
export const longestOffsetMs = timings.clockSkew / 2;

/** Divides the sandbox's delays of late creates (12 s at most) and late lists (4 s at most). */
export const hurry = { create: 6, list: 4 } as const;

/** From the arrival of a create until it is listed at the latest: 2 s to create, 1 s to list, and 1 s for a busy machine. */
export const listedWithinMs = 4_000;

/**
 * The longest freeze between the record of a send and the send itself, in milliseconds.
 *
 * The record says that the send ends by `attempt` after it. Another attempt may send again when the lease is over
 * (`leaseMargin` after that end at the earliest) and the grace period too; both waits have `clockSkew` on top, which
 * clocks that are as far apart use up. By then the create that was recorded must be listed: it leaves up to `renewal`
 * after its record, and PingOne takes its time. A freeze may use what is left.
 */
export const freezeBoundMs =
  timings.attempt + Math.max(timings.leaseMargin, timings.graceLost) - timings.renewal - listedWithinMs;
