import { sleep } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Taken } from '../ledger/ledger.ts';
import type { Resource } from '../pingone/list.ts';
import { type Attempt, backoffMs, type OpenSends } from './attempt.ts';
import { find } from './match.ts';

const listTries = 3;

/**
 * Finds out what became of sends whose outcome is unknown, by PingOne's list: the id of the one resource that they made,
 * or undefined when they made none and can't make one any more. Waits for that inside the deadline.
 * Throws Problem OUTCOME_UNKNOWN where it can't be told, or not yet.
 */
export const resolve = async (
  attempt: Attempt,
  open: OpenSends,
  taken: Taken,
  wholeBody = true,
): Promise<string | undefined> => {
  const { request, clock, timings } = attempt;
  for (;;) {
    const restMs = open.lastSent + open.settleMs - clock.now();
    const since = open.firstSent - timings.skew;
    const finding = find(await list(attempt), { ...request, wholeBody, since, taken });
    if (finding.found === 'one') return finding.id;
    if (finding.found === 'unclear') throw unclear(finding.ids);
    if (restMs <= 0) return undefined;
    if (clock.now() + restMs >= attempt.deadline) throw notYet(restMs);
    await sleep(clock, restMs);
  }
};

const list = async (attempt: Attempt): Promise<readonly Resource[]> => {
  const { pingOne, request, clock, deadline } = attempt;
  for (let tries = 0; ; tries++) {
    try {
      return await pingOne.list(request.endpoint, request.parameters, deadline);
    } catch (cause) {
      const waitMs = backoffMs(tries, attempt);
      if (tries + 1 >= listTries || clock.now() + waitMs >= deadline) {
        const detail = 'PingOne may or may not have made the resource, and its list cannot be read now.';
        throw new Problem('OUTCOME_UNKNOWN', detail, { retryAfterMs: attempt.timings.settleAnswered, cause });
      }
      await sleep(clock, waitMs);
    }
  }
};

const notYet = (restMs: number) =>
  new Problem('OUTCOME_UNKNOWN', 'PingOne may still be making the resource; a retry with the same key finds out.', {
    retryAfterMs: restMs,
  });

const unclear = (ids: readonly string[]) => {
  const shown = ids.slice(0, 10).join(', ') || 'no id can be read';
  const detail = `PingOne has resources of this name that may or may not be this request's: ${shown}. An operator has to settle it.`;
  return new Problem('OUTCOME_UNKNOWN', detail, {});
};
