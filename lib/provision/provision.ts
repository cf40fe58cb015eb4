import type { AssignedResources } from '../ledger/names.ts';
import { type Attempt, attemptAt, begin, claimLost, inProgress, newClaim, note, type Parts } from './attempt.ts';
import { noteUnknown, reported } from './attempt-line.ts';
import { create } from './create.ts';
import { holdName, type Join, resourceOf } from './hold-name.ts';
import { recentRequest } from './keyless.ts';
import { closedAt, resendAt } from './open-sends.ts';
import { problemOf, unrecorded, withIDs } from './problems.ts';
import { record, recordFailure } from './record.ts';
import { read, replay } from './replay.ts';
import type { Outcome, Provision } from './request.ts';
import { notYet, resolve } from './resolve.ts';

export const provisionWith =
  (parts: Parts): Provision =>
  (request, deadline) =>
    reported(
      parts,
      request,
      (tally) => run(attemptAt(parts, request, deadline, tally)),
      (outcome) => outcome,
    );

/** The result of an attempt that owns its request. */
type Result =
  | { readonly outcome: Outcome }
  /** The id of a found and recorded resource. */
  | { readonly adopted: string }
  | Join;

/** Claims the request and creates its resource, or replays its outcome if another attempt owns it. */
const run = async (attempt: Attempt): Promise<Outcome> => {
  const { ledger, clock, claim, arrival, request, timings, tally } = attempt;
  try {
    const now = clock.now();
    const claimed = await ledger.claim(claim, arrival, now, request.denied ? undefined : timings.attempt);
    if (!claimed.isOwner) return await replay(attempt, claimed);
    begin(attempt, claimed, now);
    const wasOpen = attempt.open !== undefined;
    const result = await createOrAdopt(attempt)
      .catch((error) => fail(attempt, error))
      .finally(() => noteUnknown(tally, wasOpen, attempt.open !== undefined));
    if ('outcome' in result) return result.outcome;
    if ('adopted' in result) return await read(attempt, result.adopted, 'adopted', clock.now());
    return await join(attempt, result);
  } catch (error) {
    throw withIDs(problemOf(error, attempt), attempt);
  }
};

/** Records a failure and throws its problem. */
const fail = async (attempt: Attempt, error: unknown): Promise<never> => {
  const problem = problemOf(error, attempt);
  const isRecorded = await recordFailure(attempt, problem);
  // A final answer leaves only if the ledger has it: a repetition must get the same.
  if (!isRecorded && !problem.isRetryable) throw unrecorded(problem);
  throw problem;
};

const createOrAdopt = async (attempt: Attempt): Promise<Result> => {
  const { claim, request, timings } = attempt;
  const held = await holdName(attempt);
  if ('join' in held) return leaveTo(attempt, held);
  const known = resourceOf(claim.id, held.assigned) ?? (await earlierSends(attempt, held.assigned));
  if (known !== undefined) return adopt(attempt, known);
  const settled = await recentRequest(attempt, held);
  if (settled) return leaveTo(attempt, settled);
  if (request.denied) {
    if (attempt.open) throw notYet(attempt, attempt.open, closedAt(attempt.open, timings));
    throw request.denied;
  }
  const made = await create(attempt, held.assigned);
  if ('found' in made) return adopt(attempt, made.found);
  const { id, text, correlationID } = made.created;
  await record(attempt, id);
  return { outcome: { requestID: claim.id, how: 'created', id, text, correlationID } };
};

/** Closes a request that joins an equal one. */
const leaveTo = async (attempt: Attempt, other: Join): Promise<Result> => {
  await recordFailure(attempt, inProgress('This request joined an equal one.', 0));
  return other;
};

/** The resource of earlier attempts' sends; undefined if a create may be sent. */
const earlierSends = async (attempt: Attempt, assigned: AssignedResources): Promise<string | undefined> => {
  const { open } = attempt;
  if (!open) return undefined;
  const found = await resolve(attempt, { open, assigned, until: resendAt(open) });
  if (found === undefined) note(attempt, 'absent', open);
  return found;
};

/** Records a found resource, unless the lease is over: then another attempt may find it, too. */
const adopt = async (attempt: Attempt, id: string): Promise<Result> => {
  if (attempt.clock.now() >= attempt.claim.lease) throw claimLost();
  await record(attempt, id);
  return { adopted: id };
};

/** Continues as a retry of an equal request. */
const join = (attempt: Attempt, { join: { key }, id }: Join): Promise<Outcome> =>
  run({
    ...attempt,
    claim: newClaim(id, attempt.deadline, attempt),
    arrival: { ...attempt.arrival, key: undefined },
    retryKey: key,
  });
