import type { AssignedResources } from '../ledger/names.ts';
import type { AccessToken } from '../pingone/access-token.ts';
import type { Created, Reply } from '../pingone/reply.ts';
import { Problem } from '../problems.ts';
import { sleep } from '../runtime/clock.ts';
import { type Attempt, backoffMs, claimLost, note } from './attempt.ts';
import { environmentNew, newUntil } from './new-environment.ts';
import { openAfter, resendAt } from './open-sends.ts';
import { resolve } from './resolve.ts';

/** PingOne's 201, or the id of the resource that a send with a lost answer created. */
export type Made = { readonly created: Created } | { readonly found: string };

/**
 * Sends a create until PingOne answers it for good, or too little time is left. Before it sends again it resolves a send
 * that may have had an effect.
 * @throws Problem of the last reply
 */
export const create = async (attempt: Attempt, assigned: AssignedResources): Promise<Made> => {
  const { pingOne, clock, deadline, timings } = attempt;
  let isTokenRenewed = false;
  let environmentNewUntil: number | undefined;
  let last: Problem | undefined;
  for (let tries = 0; ; tries++) {
    const token = await pingOne.token(deadline);
    const reply = await send(attempt, token, last);
    if (reply.known === 'created') return { created: reply };

    // PingOne may refuse the create because of an earlier send's resource, so a refusal proves nothing while one is open.
    const { open } = attempt;
    if (open && (reply.known === 'unknown' || reply.known === 'refused')) {
      const found = await resolve(attempt, { open, assigned, until: resendAt(open) });
      if (found !== undefined) return { found };
      note(attempt, 'absent', open);
    }
    if (reply.known === 'unknown') continue;
    if (reply.known === 'unauthorized') {
      pingOne.refused(token);
      if (isTokenRenewed) throw reply.problem;
      isTokenRenewed = true;
      continue;
    }

    let { problem } = reply;
    if (reply.known === 'refused') {
      // No earlier send is open now: with one, the resolve above has waited until it proves its absence.
      environmentNewUntil ??= await newUntil(attempt, problem);
      const restMs = (environmentNewUntil ?? 0) - clock.now();
      if (restMs <= 0) throw problem;
      problem = environmentNew(problem, restMs);
    }

    const waitMs = backoffMs(tries, attempt, reply.problem.facts.retryAfterMs);
    if (clock.now() + waitMs + timings.attempt > deadline) throw problem;
    last = problem;
    await sleep(clock, waitMs);
  }
};

/**
 * Sends once; records and notes the open sends before and after.
 * @throws Problem `last`, the last reply's, if too little time is left
 */
const send = async (attempt: Attempt, token: AccessToken, last?: Problem): Promise<Reply> => {
  const { pingOne, clock, request, deadline, tally, open: before } = attempt;
  await recordSend(attempt, last);
  attempt.sendRecordedAt = Number.NEGATIVE_INFINITY;
  note(attempt, 'sending', before);
  const begun = clock.now();
  const reply = await pingOne.create(request, token, deadline);
  attempt.correlationID = 'problem' in reply ? reply.problem.facts.correlationID : reply.correlationID;
  tally.sends++;
  tally.pingOneMs += clock.now() - begun;
  if (reply.known === 'limited' || reply.known === 'unauthorized') tally[reply.known]++;
  note(attempt, eventOf(reply), before);
  return reply;
};

/** A 201 counts as `lost` until the ledger has its resource. */
const eventOf = (reply: Reply) => {
  if (reply.known === 'unknown') return reply.ended;
  if (reply.known === 'refused') return 'refused';
  return reply.known === 'created' ? 'lost' : 'notSent';
};

/** Records in the ledger that a create leaves now, unless the claim just did; again if the record is too old by now. */
const recordSend = async (attempt: Attempt, last?: Problem): Promise<void> => {
  const { ledger, clock, timings, claim, deadline, open } = attempt;
  for (;;) {
    const now = clock.now();
    const sending = openAfter(open, 'sending', now, timings);
    if (deadline - now < timings.attempt || !sending) throw last ?? outOfTime();
    if (now - attempt.sendRecordedAt <= timings.renewal) return;
    if (!(await ledger.renew(claim, sending, now))) throw claimLost();
    attempt.sendRecordedAt = now;
  }
};

const outOfTime = () =>
  new Problem('PINGONE_UNREACHABLE', 'Too little time was left to call PingOne; this attempt created nothing.');
