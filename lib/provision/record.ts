import type { PendingDeployment } from '../deploy/pending-deployment.ts';
import type { Rejection, RequestItem } from '../ledger/items.ts';
import type { Claim } from '../ledger/ledger.ts';
import { Problem } from '../problems.ts';
import { sleep } from '../runtime/clock.ts';
import { describeError } from '../runtime/logger.ts';
import { type Attempt, backoffMs, note } from './attempt.ts';

const writeTries = 3;

/**
 * Records the resource of this attempt's request on the name item and, at the same time, on the request item. One of the
 * two is enough for an answer: an attempt that finds only one of them writes the other.
 * @throws Problem OUTCOME_UNKNOWN if the name item assigns the resource to another request
 */
export const record = async (attempt: Attempt, resource: string): Promise<void> => {
  const { ledger, clock, claim, open, isKeylessRequest, isDeployed, log } = attempt;
  const { caller, parameters } = attempt.arrival;
  const adding = isDeployed ? addPending(attempt, { requestID: claim.id, caller, parameters, resource }) : undefined;
  const assigning = assign(attempt, claim, resource, isKeylessRequest);
  // Once the pending deployment is added, and at once if there is none.
  const closing = Promise.resolve(adding)
    .then((number) => ledger.close(claim, resource, clock.now(), number))
    .catch(() => false);
  const [assigned] = await Promise.allSettled([assigning, closing]);
  const isClosed = await closing;
  if (assigned.status === 'rejected') {
    const { reason } = assigned;
    const isAnothers = reason instanceof Problem;
    // Closed or not: the answer to the close may have been lost.
    if (isAnothers && open) await retried(attempt, () => ledger.reopen(claim, resource, open, clock.now()));
    if (isAnothers || !isClosed) throw reason;
    log('warn', { left: 'name item not written', request: claim.id, error: describeError(reason) });
  }
  // If that fails the request stays open: a retry adds a pending deployment again.
  const deploymentNumber = await adding;
  note(attempt, 'recorded', open);
  if (!isClosed) await close(attempt, claim, resource, deploymentNumber);
};

/** Adds a pending deployment; a surplus one is harmless. @throws Problem, LedgerUnavailable */
const addPending = (attempt: Attempt, pending: PendingDeployment): Promise<number> => {
  const { addPending: add, deadline, timings } = attempt;
  if (!add) throw new Error('this function adds no pending deployments');
  return retried(attempt, () => add(pending, deadline + timings.closing));
};

/**
 * Records the resource of another request of the same name: first on the name item, then on the request item.
 * @throws Problem OUTCOME_UNKNOWN if the name item assigns the resource to a third request
 */
export const recordOther = async (
  attempt: Attempt,
  claim: Claim,
  resource: string,
  { key, deploys, caller, parameters }: RequestItem,
): Promise<void> => {
  await assign(attempt, claim, resource, key !== undefined);
  const pending = { requestID: claim.id, caller, parameters, resource };
  await close(attempt, claim, resource, deploys ? await addPending(attempt, pending) : undefined);
};

/** Assigns a resource to the claim's request, so that no other request adopts it. */
const assign = async (attempt: Attempt, claim: Claim, resource: string, isKeyless: boolean): Promise<void> => {
  const { ledger, clock, arrival, log } = attempt;
  const { id } = claim;
  const keylessAt = isKeyless ? clock.now() : undefined;
  const assigned = await retried(attempt, () => ledger.assign(arrival.name, claim, resource, keylessAt));
  if (!assigned) {
    log('error', { alarm: 'RESOURCE_TAKEN', request: id, resource });
    throw new Problem('OUTCOME_UNKNOWN', 'The resource found in PingOne belongs to another request.');
  }
  const earlier = [...assigned]
    .filter(([other, request]) => request === id && other !== resource)
    .map(([other]) => other);
  if (earlier.length > 0) log('error', { alarm: 'SECOND_RESOURCE', request: id, resources: [...earlier, resource] });
};

/** Closes a request whose resource is assigned; if that fails, the next attempt finds the resource in the name item. */
const close = async (
  attempt: Attempt,
  claim: Claim,
  resource: string,
  deploymentNumber: number | undefined,
): Promise<void> => {
  const { ledger, clock, log } = attempt;
  const { id } = claim;
  try {
    const isClosed = await retried(attempt, () => ledger.created(claim, resource, clock.now(), deploymentNumber));
    // Another attempt owns the request, or it is closed with an earlier resource; the name item has this one.
    if (!isClosed) log('info', { left: 'request item not closed', request: id });
  } catch (error) {
    log('warn', { left: 'request item not closed', request: id, error: describeError(error) });
  }
};

/** Retries a write, so that one failure does not lose a created resource. */
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
 * Records the end of an attempt without a resource; false if that failed. Then the lease ends, and a retry resolves the
 * request.
 */
export const recordFailure = async (attempt: Attempt, problem: Problem): Promise<boolean> => {
  const { ledger, clock, claim, arrival, request, open, log } = attempt;
  try {
    if (open) return await ledger.unknown(claim, open, clock.now());
    const finalFor = request.redelivered && !problem.isRetryable ? arrival.arrivalID : undefined;
    const isRecorded = await ledger.rejected(claim, rejectionBy(problem), clock.now(), finalFor);
    // An attempt that was taken over must not release the hold. Another request replaces a closed request's hold.
    if (isRecorded) await ledger.release(arrival.name, claim);
    return isRecorded;
  } catch (error) {
    log('warn', { left: 'attempt not closed', request: claim.id, error: describeError(error) });
    return false;
  }
};

/** A problem as the ledger keeps it: codes, no messages. */
export const rejectionBy = ({ code, status, facts: { upstream, violations = [] } }: Problem): Rejection => ({
  problem: code,
  status,
  codes: [...new Set([upstream?.code ?? code, ...violations.map((violation) => violation.code)])],
});
