import { sleep } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Taken } from '../ledger/ledger.ts';
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
  const { clock, deadline } = attempt;
  for (let tries = 0; ; tries++) {
    const reply = await sendOnce(attempt);
    if (reply.known === 'created') return { created: reply };

    // A refusal may be that of our own earlier send's resource: it is no answer while that one is open.
    if (attempt.open && (reply.known === 'unknown' || reply.known === 'refused')) {
      const found = await resolve(attempt, attempt.open, taken);
      if (found !== undefined) return { found };
      attempt.open = reply.known === 'refused' ? undefined : { ...attempt.open, settleMs: 0 };
    }
    if (reply.known === 'refused' || reply.known === 'unauthorized') throw reply.problem;
    if (reply.known === 'unknown') continue;

    const waitMs = reply.problem.facts.retryAfterMs ?? backoffMs(tries, attempt);
    if (clock.now() + waitMs >= deadline) throw reply.problem;
    await sleep(clock, waitMs);
  }
};

/** One send, and what is open after it. */
const sendOnce = async (attempt: Attempt): Promise<Reply> => {
  const { pingOne, ledger, clock, timings, request, claim, deadline, open: before } = attempt;
  const now = clock.now();
  const attemptMs = Math.min(timings.attempt, deadline - now);
  if (attemptMs <= 0) throw outOfTime();
  if (claim.lease - now < attemptMs + timings.leaseMargin || !(await ledger.renew(claim, now))) throw overtaken();

  const firstSent = before?.firstSent ?? now;
  attempt.open = { firstSent, lastSent: now, settleMs: timings.settleLost };
  const reply = await pingOne.create(request, deadline).catch((error) => {
    // Without a token nothing was sent.
    attempt.open = before;
    throw error;
  });
  if (reply.known === 'unknown' && reply.settle === 'answered') {
    attempt.open = { firstSent, lastSent: now, settleMs: timings.settleAnswered };
  }
  if (reply.known !== 'unknown' && reply.known !== 'created') {
    attempt.open = before && {
      ...before,
      lastSent: now,
      settleMs: reply.known === 'refused' ? timings.settleAnswered : 0,
    };
  }
  return reply;
};

const outOfTime = () => new Problem('PINGONE_UNREACHABLE', 'There was no time left to ask PingOne; nothing was sent.');

export const overtaken = () => inProgress('Another attempt has taken this request over.', 1_000);
