import { Problem } from '../errors.ts';
import { LedgerUnavailable } from '../ledger/table.ts';
import type { Attempt } from './attempt.ts';

/** What the caller is told of an error: never that nothing exists while a send may have had an effect. */
export const problemOf = (error: unknown, { open, timings }: Attempt): Problem => {
  const told = error instanceof Problem ? error.code : undefined;
  const askedMs = error instanceof Problem ? error.facts.retryAfterMs : undefined;
  if (open && told !== 'OUTCOME_UNKNOWN' && told !== 'REQUEST_IN_PROGRESS') {
    const detail = 'An earlier send may have made the resource; a retry with the same key finds out.';
    return new Problem('OUTCOME_UNKNOWN', detail, {
      retryAfterMs: Math.max(open.settleMs, askedMs ?? timings.settleAnswered),
      cause: error,
    });
  }
  if (error instanceof Problem) return error;
  if (error instanceof LedgerUnavailable) {
    return new Problem('LEDGER_UNAVAILABLE', 'The request could not be recorded; nothing was sent.', { cause: error });
  }
  return new Problem('UNEXPECTED_ERROR', 'Something failed inside the gateway.', { cause: error });
};

/** In place of a last word that the ledger doesn't have. */
export const unrecorded = (cause: Problem) =>
  new Problem('LEDGER_UNAVAILABLE', 'The request was rejected, which could not be recorded; a retry tells why.', {
    cause,
  });

/** What finds the request again: its record, the key to retry with where that may end well, and PingOne's id of a lost outcome. */
export const traceable = (problem: Problem, { claim, retryKey, correlationID }: Attempt): Problem => {
  const { code, message, cause, facts, isRetryable } = problem;
  return new Problem(code, message, {
    ...facts,
    cause,
    ...(code !== 'LEDGER_UNAVAILABLE' && { requestID: claim.id }),
    ...(isRetryable && { idempotencyKey: facts.idempotencyKey ?? retryKey }),
    ...(code === 'OUTCOME_UNKNOWN' && { correlationID: facts.correlationID ?? correlationID }),
  });
};
