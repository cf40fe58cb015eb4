import { LedgerUnavailable } from '../ledger/table.ts';
import { Problem } from '../problems.ts';
import type { Attempt } from './attempt.ts';
import { retryAfterMs } from './open-sends.ts';

/** What the caller is told of an error: never that nothing exists while a send may have had an effect. */
export const problemOf = (
  error: unknown,
  { open, clock, timings }: Pick<Attempt, 'open' | 'clock' | 'timings'>,
): Problem => {
  const code = error instanceof Problem ? error.code : undefined;
  if (open && code !== 'OUTCOME_UNKNOWN' && code !== 'REQUEST_IN_PROGRESS') {
    const askedMs = error instanceof Problem ? (error.facts.retryAfterMs ?? 0) : 0;
    return new Problem(
      'OUTCOME_UNKNOWN',
      'An earlier send may have made the resource; a retry with the same key finds out.',
      {
        retryAfterMs: Math.max(retryAfterMs(open, clock.now(), timings), askedMs),
        cause: error,
      },
    );
  }
  if (error instanceof Problem) return error;
  if (error instanceof LedgerUnavailable) {
    const message =
      'The ledger could not be read or written; this attempt sent nothing. A retry with the same key finds out what earlier ones did.';
    return new Problem('LEDGER_UNAVAILABLE', message, { cause: error });
  }
  return new Problem('UNEXPECTED_ERROR', 'The gateway failed; ask its operator to read the log.', { cause: error });
};

/** In place of a final answer that the ledger doesn't have. */
export const unrecorded = (cause: Problem) =>
  new Problem('LEDGER_UNAVAILABLE', 'The request was rejected, which could not be recorded; a retry tells why.', {
    cause,
  });

/** Adds what finds the request again: its record, the key of a retry that may end well, and PingOne's id of a lost outcome. */
export const traceable = (
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
