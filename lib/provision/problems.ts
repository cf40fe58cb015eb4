import { LedgerUnavailable } from '../ledger/table.ts';
import { Problem } from '../problems.ts';
import type { Attempt } from './attempt.ts';
import { retryAfterMs } from './open-sends.ts';

/** The problem for an error. While sends are open it is OUTCOME_UNKNOWN, since a resource may exist. */
export const problemOf = (
  error: unknown,
  { open, clock, timings }: Pick<Attempt, 'open' | 'clock' | 'timings'>,
): Problem => {
  const code = error instanceof Problem ? error.code : undefined;
  if (open && code !== 'OUTCOME_UNKNOWN' && code !== 'REQUEST_IN_PROGRESS') {
    const askedMs = error instanceof Problem ? (error.facts.retryAfterMs ?? 0) : 0;
    return new Problem(
      'OUTCOME_UNKNOWN',
      'An earlier send may have created the resource; retry with the same key to find out.',
      {
        retryAfterMs: Math.max(retryAfterMs(open, clock.now(), timings), askedMs),
        cause: error,
      },
    );
  }
  if (error instanceof Problem) return error;
  if (error instanceof LedgerUnavailable) {
    const message =
      'The ledger could not be read or written; this attempt sent nothing, but an earlier one may have. Retry with the same key.';
    return new Problem('LEDGER_UNAVAILABLE', message, { cause: error });
  }
  return new Problem('UNEXPECTED_ERROR', 'The gateway failed; ask its operator to read the log.', { cause: error });
};

/** Replaces a final answer that the ledger could not record. */
export const unrecorded = (cause: Problem) =>
  new Problem('LEDGER_UNAVAILABLE', 'The request was rejected, but the ledger could not record it; retry to see why.', {
    cause,
  });

/** Adds the ids that find the request again: its ledger key, the key to retry with, and PingOne's `Correlation-Id`. */
export const withIDs = (
  problem: Problem,
  { claim, retryKey, correlationID }: Pick<Attempt, 'claim' | 'retryKey' | 'correlationID'>,
): Problem => {
  const { code, message, cause, facts, isRetryable } = problem;
  return new Problem(code, message, {
    ...facts,
    cause,
    ...(code !== 'LEDGER_UNAVAILABLE' && { requestID: facts.requestID ?? claim.id }),
    ...(isRetryable && { idempotencyKey: facts.idempotencyKey ?? retryKey }),
    ...(code === 'OUTCOME_UNKNOWN' && { correlationID: facts.correlationID ?? correlationID }),
  });
};
