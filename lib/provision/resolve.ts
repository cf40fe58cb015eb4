import type { Taken } from '../ledger/ledger.ts';
import { ListIncomplete, type Resource } from '../pingone/list.ts';
import { Problem } from '../problems.ts';
import { sleep } from '../runtime/clock.ts';
import { type Attempt, backoffMs } from './attempt.ts';
import { find } from './match.ts';
import { type OpenSends, retryAfterMs } from './open-sends.ts';

const listTries = 3;

/** The waits between looks at a list that may be behind, in milliseconds: the last one is repeated. */
const lookAgainMs = [1_000, 2_000, 4_000] as const;

/** How many of these looks there are at least where the grace period outlasts the deadline. */
const looksInAnyCase = 2;

export interface Question {
  readonly open: OpenSends;
  readonly taken: Taken;
  /** From when on an empty list is an answer, in milliseconds since the epoch. */
  readonly until: number;
  /** False where our body only has the name of the one that was sent, so that nothing can be recognised. */
  readonly wholeBody?: boolean;
}

/**
 * Finds out what became of sends whose outcome is unknown, by PingOne's list: the id of the one resource that they made,
 * or undefined when none is listed from `until` on. Waits for that inside the deadline.
 * @throws Problem OUTCOME_UNKNOWN where it can't be told, or not yet
 */
export const resolve = async (attempt: Attempt, question: Question): Promise<string | undefined> => {
  const { request, clock, timings, tally, deadline } = attempt;
  const { open, taken, until, wholeBody = true } = question;
  const since = open.firstSent - timings.pingOneSkew - open.skewMs;
  for (let looks = 0; ; looks++) {
    const now = clock.now();
    const finding = find(await list(attempt), { ...request, wholeBody, since, taken });
    if (finding.found === 'one') {
      tally.listLagMs = Math.max(0, clock.now() - open.endedBy);
      return finding.id;
    }
    if (finding.found === 'unclear') throw unclear(finding.ids);
    if (now >= until) return undefined;
    const waitMs = Math.min(until - now, lookAgainMs[looks] ?? lookAgainMs[2]);
    const isHopeless = until >= deadline && looks >= looksInAnyCase;
    if (isHopeless || now + waitMs >= deadline) throw notYet(attempt, open, until);
    await sleep(clock, waitMs);
  }
};

const list = async (attempt: Attempt): Promise<readonly Resource[]> => {
  const { pingOne, request, clock, deadline, timings } = attempt;
  for (let tries = 0; ; tries++) {
    try {
      return await pingOne.list(request.endpoint, request.parameters, deadline);
    } catch (cause) {
      const askedMs = cause instanceof ListIncomplete ? cause.retryAfterMs : undefined;
      const waitMs = backoffMs(tries, attempt, askedMs);
      if (tries + 1 >= listTries || clock.now() + waitMs >= deadline) {
        const message = 'PingOne may or may not have made the resource, and its list cannot be read now.';
        // A list that can be read again may show it at once.
        const restMs = Math.max(timings.backoff.longest, askedMs ?? 0);
        throw new Problem('OUTCOME_UNKNOWN', message, { retryAfterMs: restMs, cause });
      }
      await sleep(clock, waitMs);
    }
  }
};

/** Says that an answer can be had from `until` on; the retry may meet a function with another clock. */
export const notYet = ({ clock, timings }: Attempt, open: OpenSends, until: number): Problem => {
  const restMs = Math.max(retryAfterMs(open, clock.now(), timings), until - clock.now());
  const message = 'PingOne may still be making the resource; a retry with the same key finds out.';
  return new Problem('OUTCOME_UNKNOWN', message, { retryAfterMs: restMs });
};

const unclear = (ids: readonly string[]): Problem => {
  const shown = ids.slice(0, 10).join(', ') || 'no id can be read';
  const message = `PingOne has resources of this name that may or may not be this request's: ${shown}. An operator has to settle it.`;
  return new Problem('OUTCOME_UNKNOWN', message);
};
