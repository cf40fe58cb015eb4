import { Problem } from '../problems.ts';

/** The wait for a caller whose problem names none, in milliseconds: PingOne's Go SDKs wait 30 s at most. */
const waitMs = 30_000;

/**
 * The problem in the form that clients of PingOne retry on their own: without a key they know 429 and 503 with
 * `Retry-After`, and neither 409 nor the `Retry-After` of a 504.
 */
export const forKeyless = (error: unknown): unknown => {
  if (!(error instanceof Problem)) return error;
  const { code, message, cause, facts } = error;
  const retried = { ...facts, cause, retryAfterMs: facts.retryAfterMs ?? waitMs };
  if (code === 'REQUEST_IN_PROGRESS') return new Problem('NAME_BUSY', message, retried);
  return code === 'OUTCOME_UNKNOWN' ? new Problem(code, message, { ...retried, status: 503 }) : error;
};
