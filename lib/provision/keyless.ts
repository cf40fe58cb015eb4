import type { NameRecord } from '../ledger/names.ts';
import type { Attempt } from './attempt.ts';
import { isEqual, type Join, mayJoin } from './hold-name.ts';

/**
 * The equal request of the same caller that was settled within the window before this one first came, or later, for a
 * request without a key. PingOne's own Go
 * SDKs repeat a create without a key after a 5xx; if the first request was settled meanwhile, the repetition would create
 * a second resource.
 */
export const recentRequest = async (attempt: Attempt, { keyless }: NameRecord): Promise<Join | undefined> => {
  const { ledger, timings, requestedAt } = attempt;
  if (!mayJoin(attempt) || timings.keylessReplay === 0) return undefined;
  const since = requestedAt - timings.keylessReplay - timings.clockSkew;
  for (const [id, at] of keyless) {
    const item = at >= since ? await ledger.read(id) : undefined;
    // If its attempt has not closed it, or died, the retry closes it.
    if (item && isEqual(item, attempt)) return { join: item, id };
  }
  return undefined;
};
