import { sleep } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Taken } from '../ledger/ledger.ts';
import type { AccessToken } from '../pingone/access-token.ts';
import type { Created, Reply } from '../pingone/reply.ts';
import { type Attempt, backoffMs, inProgress } from './attempt.ts';
import { resolve } from './resolve.ts';

/** PingOne's 201, or the id of the resource that a send with a lost answer had made. */
export type Made = { readonly created: Created } | { readonly found: string };

/**
 * Sends a create until it is made, or until it can't be made before the deadline. It never sends again while a send may
 * have had an effect: what became of that one is found out first. Throws the Problem of the last reply.
 */
export const send = async (attempt: Attempt, taken: Taken): Promise<Made> => {
  const { pingOne, clock, deadline } = attempt;
  let renewed = false;
  for (let tries = 0; ; tries++) {
    const token = await pingOne.token();
    const reply = await sendOnce(attempt, token);
    if (reply.known === 'created') return { created: reply };

    // A refusal may be that of our own earlier send's resource: it is no answer while that one is open.
    if (attempt.open && (reply.known === 'unknown' || reply.known === 'refused')) {
      const found = await resolve(attempt, attempt.open, taken);
      if (found !== undefined) return { found };
      attempt.open = reply.known === 'refused' ? undefined : { ...attempt.open, settleMs: 0 };
    }
    if (reply.known === 'unknown') continue;
    if (reply.known === 'refused') throw reply.problem;
    if (reply.known === 'unauthorized') {
      pingOne.refused(token);
      if (renewed) throw reply.problem;
      renewed = true;
      continue;
    }

    const waitMs = reply.problem.facts.retryAfterMs ?? backoffMs(tries, attempt);
    if (clock.now() + waitMs >= deadline) throw reply.problem;
    await sleep(clock, waitMs);
  }
};

/** One send, and what is open after it. */
const sendOnce = async (attempt: Attempt, token: AccessToken): Promise<Reply> => {
  const { pingOne, clock, timings, request, deadline, tally, open: before } = attempt;
  const now = await renew(attempt);
  const firstSent = before?.firstSent ?? now;
  attempt.open = { firstSent, lastSent: now, settleMs: timings.settleLost };
  const begun = clock.now();
  const reply = await pingOne.create(request, token, deadline);
  attempt.correlationID = 'problem' in reply ? reply.problem.facts.correlationID : reply.correlationID;
  tally.sends++;
  tally.pingOneMs += clock.now() - begun;
  if (reply.known === 'limited' || reply.known === 'unauthorized') tally[reply.known]++;
  if (reply.known === 'unknown' && reply.settle === 'answered') {
    attempt.open = { firstSent, lastSent: now, settleMs: timings.settleAnswered };
  }
  if (reply.known !== 'unknown' && reply.known !== 'created') {
    const settleMs = reply.known === 'refused' ? timings.settleAnswered : 0;
    attempt.open = before && { ...before, lastSent: now, settleMs };
  }
  return reply;
};

/** Notes in the ledger that a create leaves now, and says when that is; again where the note itself took long. */
const renew = async ({ ledger, clock, timings, claim, deadline }: Attempt): Promise<number> => {
  for (;;) {
    const now = clock.now();
    const attemptMs = Math.min(timings.attempt, deadline - now);
    if (attemptMs <= 0) throw outOfTime();
    if (claim.lease - now < attemptMs + timings.leaseMargin || !(await ledger.renew(claim, now))) throw overtaken();
    if (clock.now() - now <= timings.renewal) return now;
  }
};

const outOfTime = () => new Problem('PINGONE_UNREACHABLE', 'There was no time left to ask PingOne; nothing was sent.');

export const overtaken = () => inProgress('Another attempt has taken this request over.', 1_000);
