import type { NameRecord } from '../ledger/ledger.ts';
import type { Attempt } from './attempt.ts';
import { isEqual, type Join, mayJoin } from './hold-name.ts';

/**
 * The equal request of the same caller that was settled within the window, for a request without a key: PingOne's own
 * Go SDKs repeat a create without a key after a 5xx, and where the first one was settled meanwhile the repetition would
 * make a second resource.
 */
export const recentRequest = async (attempt: Attempt, { keyless }: NameRecord): Promise<Join | undefined> => {
  const { ledger, clock, timings, claim } = attempt;
  if (!mayJoin(attempt) || timings.keylessReplay === 0 || keyless.has(claim.id)) return undefined;
  const windowMs = timings.keylessReplay + timings.clockSkew;
  for (const [id, at] of keyless) {
    const item = clock.now() - at <= windowMs ? await ledger.read(id) : undefined;
    // Where its attempt has not closed it yet, or died before, a retry of it does.
    if (item && isEqual(item, attempt)) return { join: item, id };
  }
  return undefined;
};
