import { describe, expect, it } from 'vitest';
import { laterMs, redeliveryMs, retryMs } from '../../lib/deploy/waits.ts';
import { Problem } from '../../lib/problems.ts';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

describe('the wait', () => {
  it('after a failed deployment is 10 s, and doubles up to 15 minutes', () => {
    expect([0, 1, 2, 6].map(retryMs)).toEqual([10_000, 20_000, 40_000, 640_000]);
    expect([7, 8, 5_000].map(retryMs)).toEqual([15 * minute, 15 * minute, 15 * minute]);
  });

  it('after no deployment is 10 s, or longer if PingOne asks for it', () => {
    const limited = (retryAfterMs: number) => new Problem('REQUEST_LIMITED', 'Later.', { retryAfterMs });
    expect([laterMs(), laterMs(limited(1_000)), laterMs(limited(11_000))]).toEqual([10_000, 10_000, 11_000]);
    expect(laterMs(new Problem('PINGONE_UNREACHABLE', 'No.'))).toBe(10_000);
  });

  it('of a message is short at first and at most 15 minutes, so that 1,000 receives last more than a week', () => {
    expect([1, 2, 3, 9].map(redeliveryMs)).toEqual([2_000, 4_000, 8_000, 512_000]);
    expect([10, 1_000, 100_000].map(redeliveryMs)).toEqual([15 * minute, 15 * minute, 15 * minute]);
    const all = Array.from({ length: 1_000 }, (_, nth) => redeliveryMs(nth + 1)).reduce((sum, waitMs) => sum + waitMs);
    expect(all).toBeGreaterThan(week);
  });
});
