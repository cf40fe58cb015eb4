/** The times that decide when a create may be sent again, all in milliseconds. PROTOCOL.md has the promises. */
export interface Timings {
  /** Time-out of one call to PingOne; a create is not sent with less time left. */
  readonly attempt: number;
  /** Minimum time by which a lease outlives the send that it covers. */
  readonly leaseMargin: number;
  /** Time after the deadline for the last ledger writes before the answer leaves. */
  readonly closing: number;
  /** Maximum time between the record of a send and the send; after it the record is written again. */
  readonly renewal: number;
  /** Grace period: how long after its own 500 or 503 PingOne may still list a create. */
  readonly graceAnswered: number;
  /** Grace period after an attempt whose answer was lost, and after a refusal that follows an open send. */
  readonly graceLost: number;
  /** How long an equal request without a key repeats a settled one; 0 turns this off. */
  readonly keylessReplay: number;
  /** Bound on the difference between the clocks of two functions. */
  readonly clockSkew: number;
  /** Bound on how far PingOne's clock is behind ours. */
  readonly pingOneSkew: number;
  /** The first and the longest wait of a backoff with full jitter. */
  readonly backoff: { readonly first: number; readonly longest: number };
}

export const defaultTimings: Timings = {
  attempt: 8_000,
  leaseMargin: 5_000,
  closing: 1_000,
  renewal: 1_000,
  graceAnswered: 15_000,
  graceLost: 60_000,
  keylessReplay: 60_000,
  clockSkew: 10_000,
  pingOneSkew: 60_000,
  backoff: { first: 200, longest: 5_000 },
};

/** The defaults with a deployment's settings. */
export const timingsOf = (settings: {
  readonly PINGONE_TIMEOUT_MS: number;
  readonly GRACE_ANSWERED_MS: number;
  readonly GRACE_LOST_MS: number;
  readonly KEYLESS_REPLAY_MS: number;
}): Timings => ({
  ...defaultTimings,
  attempt: settings.PINGONE_TIMEOUT_MS,
  graceAnswered: settings.GRACE_ANSWERED_MS,
  graceLost: settings.GRACE_LOST_MS,
  keylessReplay: settings.KEYLESS_REPLAY_MS,
});
