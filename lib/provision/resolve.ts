import type { AssignedResources } from '../ledger/names.ts';
import { ListIncomplete, type Resource } from '../pingone/list.ts';
import { Problem } from '../problems.ts';
import { sleep } from '../runtime/clock.ts';
import { type Attempt, backoffMs } from './attempt.ts';
import { find } from './match.ts';
import { type OpenSends, retryAfterMs } from './open-sends.ts';

const listTries = 3;

/** The waits between reads of a list that may lag, in milliseconds; the last wait is repeated. */
const lookAgainMs = [1_000, 2_000, 4_000] as const;

/** Minimum number of repeated reads if the grace period outlasts the deadline. */
const looksInAnyCase = 2;

export interface Question {
  readonly open: OpenSends;
  readonly assigned: AssignedResources;
  /** When an empty list becomes conclusive, in milliseconds since the epoch. */
  readonly until: number;
  /** False if our body shares only the name with the sent body, so that no resource can match strictly. */
  readonly wholeBody?: boolean;
}

/**
 * Resolves open sends by PingOne's list: the id of the one resource that they created, or undefined if none is listed from
 * `until` on. Waits for that within the deadline.
 * @throws Problem OUTCOME_UNKNOWN if the list is ambiguous or unreadable, or `until` is after the deadline
 */
export const resolve = async (attempt: Attempt, question: Question): Promise<string | undefined> => {
  const { request, clock, timings, tally, deadline } = attempt;
  const { open, assigned, until, wholeBody = true } = question;
  const since = open.firstSent - timings.pingOneSkew - open.skewMs;
  for (let looks = 0; ; looks++) {
    const now = clock.now();
    const finding = find(await list(attempt), { ...request, wholeBody, since, assigned });
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
        const message = 'PingOne may or may not have created the resource, and its list cannot be read now.';
        // Once readable, the list may show the resource at once.
        const restMs = Math.max(timings.backoff.longest, askedMs ?? 0);
        throw new Problem('OUTCOME_UNKNOWN', message, { retryAfterMs: restMs, cause });
      }
      await sleep(clock, waitMs);
    }
  }
};

/** Asks for a retry after `until`; the retry may meet another clock. */
export const notYet = ({ clock, timings }: Attempt, open: OpenSends, until: number): Problem => {
  const restMs = Math.max(retryAfterMs(open, clock.now(), timings), until - clock.now());
  const message = 'PingOne may still be creating the resource; retry with the same key to find out.';
  return new Problem('OUTCOME_UNKNOWN', message, { retryAfterMs: restMs });
};

const unclear = (ids: readonly string[]): Problem => {
  const listed = ids.slice(0, 10).join(', ') || 'no readable id';
  const message = `PingOne has resources with this name that this request may have created: ${listed}. An operator must settle the request.`;
  return new Problem('OUTCOME_UNKNOWN', message);
};
