import { sleep } from '../clock.ts';
import { Problem } from '../errors.ts';
import { describeError } from '../logger.ts';
import { type Attempt, backoffMs } from './attempt.ts';

const writeTries = 3;

/**
 * Records that a resource is a request's, this attempt's own or another of its name: on the name first, so that nobody
 * else adopts it, then on the request. No answer that names the resource may leave before. Throws where the name doesn't
 * take it.
 */
export const settle = async (attempt: Attempt, resource: string, request = attempt.claim.id): Promise<void> => {
  const { ledger, clock, claim, arrival, log } = attempt;
  if (!(await written(attempt, () => ledger.take(arrival.name, request, resource)))) {
    log('error', { alarm: 'RESOURCE_TAKEN', request, resource });
    throw new Problem('OUTCOME_UNKNOWN', 'The resource that was found belongs to another request.');
  }
  if (request === claim.id) attempt.open = undefined;
  try {
    const recorded = await written(attempt, () => ledger.created(request, resource, clock.now()));
    if (recorded) return;
    const other = (await ledger.read(request))?.resource;
    log('error', { alarm: 'SECOND_RESOURCE', request, resources: [other, resource] });
  } catch (error) {
    // The name holds it, so that the next attempt with this key finds it there.
    log('warn', { left: 'request item not closed', request, error: describeError(error) });
  }
};

/** Says whether a write was done; what is made must not be forgotten because of one that failed. */
const written = async (attempt: Attempt, write: () => Promise<boolean>): Promise<boolean> => {
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
export const close = async (attempt: Attempt, problem: Problem): Promise<boolean> => {
  const { ledger, clock, claim, arrival, open, log } = attempt;
  try {
    if (open) return await ledger.unknown(claim, open.settleMs, clock.now());
    await ledger.release(arrival.name, claim.id);
    const { upstream, faults = [] } = problem.facts;
    const codes = [...new Set([upstream?.code ?? problem.code, ...faults.map(({ code }) => code)])];
    const rejection = { problem: problem.code, status: problem.status, codes };
    const final = problem.isRetryable ? {} : { finalFor: arrival.arrivalID };
    return await ledger.rejected(claim, { ...rejection, ...final }, clock.now());
  } catch (error) {
    log('warn', { left: 'attempt not closed', request: claim.id, error: describeError(error) });
    return false;
  }
};
