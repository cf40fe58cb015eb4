import type { Rejection } from '../ledger/items.ts';
import type { Claim } from '../ledger/ledger.ts';
import { Problem } from '../problems.ts';
import { sleep } from '../runtime/clock.ts';
import { describeError } from '../runtime/logger.ts';
import { type Attempt, backoffMs, note } from './attempt.ts';

const writeTries = 3;

/**
 * Records that a resource is a request's, this attempt's own or another of its name: on the name first, so that no other
 * request adopts it, then on the request. No answer that names the resource may leave before.
 * @throws Problem OUTCOME_UNKNOWN where the name gives the resource to another request
 */
export const record = async (attempt: Attempt, claim: Claim, resource: string, isKeyless: boolean): Promise<void> => {
  const { ledger, clock, arrival, log } = attempt;
  const { id } = claim;
  const keylessAt = isKeyless ? clock.now() : undefined;
  const taken = await retried(attempt, () => ledger.take(arrival.name, claim, resource, keylessAt));
  if (!taken) {
    log('error', { alarm: 'RESOURCE_TAKEN', request: id, resource });
    throw new Problem('OUTCOME_UNKNOWN', 'The resource that was found belongs to another request.');
  }
  if (id === attempt.claim.id) note(attempt, 'recorded', attempt.open);
  const earlier = [...taken].filter(([other, request]) => request === id && other !== resource).map(([other]) => other);
  if (earlier.length > 0) log('error', { alarm: 'SECOND_RESOURCE', request: id, resources: [...earlier, resource] });
  try {
    const isClosed = await retried(attempt, () => ledger.created(claim, resource, clock.now()));
    // Another attempt works at the request, or it is closed with an earlier resource: the name has this one.
    if (!isClosed) log('info', { left: 'request item not closed', request: id });
  } catch (error) {
    // The name has it, so that the next attempt with this key finds it there.
    log('warn', { left: 'request item not closed', request: id, error: describeError(error) });
  }
};

/** Tries a write again; what is made must not be forgotten because of one that failed. */
const retried = async <Result>(attempt: Attempt, write: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries >= writeTries) throw error;
      await sleep(attempt.clock, backoffMs(tries, attempt));
    }
  }
};

/**
 * Records how an attempt without a resource ended, and says whether that worked. What can't be recorded heals: the lease
 * ends, and a retry finds out.
 */
export const recordFailure = async (attempt: Attempt, problem: Problem): Promise<boolean> => {
  const { ledger, clock, claim, arrival, request, open, log } = attempt;
  try {
    if (open) return await ledger.unknown(claim, open, clock.now());
    const finalFor = request.redelivered && !problem.isRetryable ? arrival.arrivalID : undefined;
    const isRecorded = await ledger.rejected(claim, rejectionBy(problem), clock.now(), finalFor);
    // An attempt that was taken over gives nothing away. A hold that stays is a closed request's, and replaced.
    if (isRecorded) await ledger.release(arrival.name, claim);
    return isRecorded;
  } catch (error) {
    log('warn', { left: 'attempt not closed', request: claim.id, error: describeError(error) });
    return false;
  }
};

/** What the ledger keeps of a problem: codes, never words. */
export const rejectionBy = ({ code, status, facts: { upstream, violations = [] } }: Problem): Rejection => ({
  problem: code,
  status,
  codes: [...new Set([upstream?.code ?? code, ...violations.map((violation) => violation.code)])],
});
