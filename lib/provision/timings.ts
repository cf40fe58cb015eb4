/** The times that decide when a create may be sent again, all in milliseconds. */
export interface Timings {
  /** How long one attempt at PingOne may take. */
  readonly attempt: number;
  /** How much longer than an attempt its lease runs at least. */
  readonly leaseMargin: number;
  /** How long the note that a create leaves may take before it is written anew. */
  readonly renewal: number;
  /** How long after its own 500 or 503 PingOne may still complete and list a create. */
  readonly settleAnswered: number;
  /** The same after an attempt whose answer was lost. */
  readonly settleLost: number;
  /** How far PingOne's clock may be behind ours. */
  readonly skew: number;
  /** The first and the longest wait of a backoff with full jitter. */
  readonly backoff: { readonly first: number; readonly longest: number };
}

export const defaultTimings: Timings = {
  attempt: 8_000,
  leaseMargin: 5_000,
  renewal: 1_000,
  settleAnswered: 5_000,
  settleLost: 60_000,
  skew: 60_000,
  backoff: { first: 200, longest: 5_000 },
};

/** The times that a deployment may set, on top of the defaults. */
export const timingsOf = (settings: {
  readonly PINGONE_TIMEOUT_MS: number;
  readonly SETTLE_ANSWERED_MS: number;
  readonly SETTLE_LOST_MS: number;
}): Timings => ({
  ...defaultTimings,
  attempt: settings.PINGONE_TIMEOUT_MS,
  settleAnswered: settings.SETTLE_ANSWERED_MS,
  settleLost: settings.SETTLE_LOST_MS,
});
