import { Problem } from '../errors.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { CreateRequest } from '../pingone/request.ts';
import { type Attempt, attemptAt, inProgress, newClaim, openSendsOf, type Parts } from './attempt.ts';
import { problemOf, traceable, unrecorded } from './problems.ts';
import { newTally, noteUnknown, type Origin, reportAttempt } from './report.ts';
import { resolve } from './resolve.ts';
import { overtaken, send } from './send.ts';
import { close, settle } from './settle.ts';
import { reread, standing } from './standing.ts';
import { madeBy, takeTurn } from './turn.ts';

export interface ProvisionRequest extends CreateRequest {
  /** The ledger's key of the request. */
  readonly requestID: string;
  /** Who asks; no two callers share a request. */
  readonly caller: string;
  /** The id of what came in. */
  readonly arrivalID: string;
  /** Whether the caller gave no key of its own. */
  readonly keyless: boolean;
  /** The key that finds this request again, where the door knows it. */
  readonly key: string | undefined;
  /** Whether it comes from the queue that it was accepted for. */
  readonly fromQueue?: boolean;
  readonly origin: Origin;
  /** Why nothing may be sent for it any more; what its earlier sends made is found out all the same. */
  readonly denied?: Problem | undefined;
}

export interface Outcome {
  /** The ledger's key of the request; another than was asked for where that joined an open one. */
  readonly requestID: string;
  readonly how: 'created' | 'adopted' | 'replayed';
  readonly id: string;
  /** PingOne's own representation of the resource. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * Makes the resource that a checked request asks for, once, whatever fails; `deadline` is in milliseconds since the
 * epoch. Throws the Problem that says why there is no resource, or that it is not known yet whether there is.
 */
export type Provision = (request: ProvisionRequest, deadline: number) => Promise<Outcome>;

export const provisionWith =
  (parts: Parts): Provision =>
  async (request, deadline) => {
    const { clock, log } = parts;
    const begun = clock.now();
    const tally = newTally();
    try {
      const outcome = await serve(attemptAt(parts, request, deadline, tally));
      reportAttempt(log, request, tally, clock.now() - begun, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof Problem) reportAttempt(log, request, tally, clock.now() - begun, error);
      throw error;
    }
  };

const serve = async (attempt: Attempt): Promise<Outcome> => {
  const { ledger, clock, claim, arrival, timings } = attempt;
  try {
    const { mine, item } = await ledger.claim(claim, arrival, clock.now());
    if (!mine) return await standing(attempt, item);
    attempt.open = openSendsOf(item, timings);
    const before = attempt.open !== undefined;
    attempt.tally.tookOver = before && item.settleMs === undefined;
    try {
      return await work(attempt);
    } finally {
      noteUnknown(attempt.tally, before, attempt.open !== undefined);
    }
  } catch (error) {
    throw traceable(problemOf(error, attempt), attempt);
  }
};

const work = async (attempt: Attempt): Promise<Outcome> => {
  try {
    const turn = await takeTurn(attempt);
    if ('same' in turn) return await join(attempt, turn.id, turn.same);
    const { taken } = turn;

    const known = madeBy(attempt.claim.id, taken) ?? (attempt.open && (await resolve(attempt, attempt.open, taken)));
    if (known !== undefined) return await adopt(attempt, known);
    // Nothing was made, and can't be any more.
    if (attempt.denied) {
      attempt.open = undefined;
      throw attempt.denied;
    }
    if (attempt.open) attempt.open = { ...attempt.open, settleMs: 0 };

    const made = await send(attempt, taken);
    if ('found' in made) return await adopt(attempt, made.found);
    await settle(attempt, made.created.id);
    const { id, text, correlationID } = made.created;
    return { requestID: attempt.claim.id, how: 'created', id, text, correlationID };
  } catch (error) {
    const problem = problemOf(error, attempt);
    const recorded = await close(attempt, problem);
    // The last word is said only where the ledger has it: a repetition must not say another.
    if (!recorded && !problem.isRetryable) throw unrecorded(problem);
    throw problem;
  }
};

const adopt = async (attempt: Attempt, id: string): Promise<Outcome> => {
  if (attempt.clock.now() >= attempt.claim.lease) throw overtaken();
  await settle(attempt, id);
  return reread(attempt, id, 'adopted');
};

/** Goes on as a retry of the open request that is the same as this one. */
const join = async (attempt: Attempt, id: string, same: RequestItem): Promise<Outcome> => {
  await close(attempt, inProgress('The same request is open.', 1));
  const arrival = { ...attempt.arrival, key: undefined };
  return serve({
    ...attempt,
    claim: newClaim(id, attempt.deadline, attempt),
    arrival,
    keyless: false,
    retryKey: same.key,
  });
};
