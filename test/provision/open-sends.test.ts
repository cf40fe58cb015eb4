import { describe, expect, it } from 'vitest';
import type { RequestItem } from '../../lib/ledger/items.ts';
import {
  closedAt,
  hasDied,
  type OpenSends,
  openAfter,
  openIn,
  resendAt,
  retryAfterMs,
  type SendEvent,
} from '../../lib/provision/open-sends.ts';
import { defaultTimings, type Timings } from '../../lib/provision/timings.ts';

const now = 1_000_000;
const timings = defaultTimings;
const { attempt, graceAnswered, graceLost, clockSkew } = timings;

/** The earlier open sends: none, or with a grace period that runs, is over for a resend, or is over. */
const before = {
  nothing: undefined,
  waiting: { firstSent: now - 9_000, endedBy: now - 5_000, graceMs: graceAnswered, skewMs: 0 },
  resendable: { firstSent: now - 30_000, endedBy: now - 20_000, graceMs: graceAnswered, skewMs: 0 },
  over: { firstSent: now - 90_000, endedBy: now - 70_000, graceMs: graceLost, skewMs: clockSkew },
} satisfies Record<string, OpenSends | undefined>;

const open = (firstSent: number, endedBy: number, graceMs: number): OpenSends => ({
  firstSent,
  endedBy,
  graceMs,
  skewMs: 0,
});

const events: readonly SendEvent[] = ['sending', 'notSent', 'answered', 'lost', 'refused', 'absent', 'recorded'];

/** Each cell of PROTOCOL.md's table. */
const table: Readonly<Record<SendEvent, Readonly<Record<keyof typeof before, OpenSends | undefined>>>> = {
  sending: {
    nothing: open(now, now + attempt, graceLost),
    waiting: open(before.waiting.firstSent, now + attempt, graceLost),
    resendable: open(before.resendable.firstSent, now + attempt, graceLost),
    over: open(before.over.firstSent, now + attempt, graceLost),
  },
  notSent: before,
  answered: {
    nothing: open(now, now, graceAnswered),
    waiting: open(before.waiting.firstSent, now, graceAnswered),
    resendable: open(before.resendable.firstSent, now, graceAnswered),
    over: open(before.over.firstSent, now, graceAnswered),
  },
  lost: {
    nothing: open(now, now, graceLost),
    waiting: open(before.waiting.firstSent, now, graceLost),
    resendable: open(before.resendable.firstSent, now, graceLost),
    over: open(before.over.firstSent, now, graceLost),
  },
  refused: {
    nothing: undefined,
    waiting: open(before.waiting.firstSent, now, graceLost),
    resendable: open(before.resendable.firstSent, now, graceLost),
    over: open(before.over.firstSent, now, graceLost),
  },
  absent: { nothing: undefined, waiting: before.waiting, resendable: before.resendable, over: undefined },
  recorded: { nothing: undefined, waiting: undefined, resendable: undefined, over: undefined },
};

describe.each(events)('after the event %s', (event) => {
  it.each(['nothing', 'waiting', 'resendable', 'over'] as const)('with %s open before', (state) => {
    expect(openAfter(before[state], event, now, timings)).toEqual(table[event][state]);
  });
});

describe('open sends', () => {
  it('may be repeated after their grace period, and are closed after the longer one, by any clock', () => {
    const sends = { firstSent: 0, endedBy: 100, graceMs: graceAnswered, skewMs: 7 };
    expect(resendAt(sends)).toBe(100 + graceAnswered + 7);
    expect(closedAt(sends, timings)).toBe(100 + graceLost + 7);
    expect(closedAt({ ...sends, graceMs: 99_000 }, timings)).toBe(100 + 99_000 + 7);
    expect(openAfter(sends, 'absent', closedAt(sends, timings) - 1, timings)).toBe(sends);
    expect(openAfter(sends, 'absent', closedAt(sends, timings), timings)).toBeUndefined();
  });

  it('make the caller wait until a function with another clock can resolve them', () => {
    const sends = { firstSent: 0, endedBy: 100, graceMs: graceAnswered, skewMs: 0 };
    expect(retryAfterMs(sends, 100, timings)).toBe(graceAnswered + clockSkew);
    expect(retryAfterMs(sends, 1e9, timings)).toBe(1_000);
  });

  it('have the longer grace period if a stage sets the one after a 500 above the other', () => {
    const odd: Timings = { ...timings, graceAnswered: 90_000 };
    expect(openAfter(undefined, 'lost', now, odd)?.graceMs).toBe(90_000);
    expect(openAfter(undefined, 'sending', now, odd)?.graceMs).toBe(90_000);
  });
});

describe("a request's item", () => {
  const item: RequestItem = {
    state: 'unknown',
    caller: 'c',
    fingerprint: 'f',
    name: 'n',
    parameters: {},
    arrivalID: 'a',
    createdAt: 0,
    updatedAt: 0,
  };
  const sent = { ...item, firstSent: 1_000, lastSent: 2_000 };

  it.each([
    ['that was never sent', item, undefined],
    ['without the date of its first send', { ...item, lastSent: 2_000 }, undefined],
    ['without the date of its last send', { ...item, firstSent: 1_000 }, undefined],
    ['whose attempt died', { ...sent, endedBy: 10_000 }, open(1_000, 10_000, graceLost)],
    ['whose attempt died after its claim', { ...sent, timeoutMs: 500 }, open(1_000, 2_500, graceLost)],
    ['that was left open', { ...sent, endedBy: 3_000, graceMs: 15_000 }, open(1_000, 3_000, 15_000)],
    ['of version 0.1 whose attempt died', sent, open(1_000, 2_000 + attempt, graceLost)],
    ['of version 0.1 after a 500', { ...sent, settleMs: 5_000 }, open(1_000, 2_000 + attempt, graceAnswered)],
    ['of version 0.1 after a lost answer', { ...sent, settleMs: 60_000 }, open(1_000, 2_000 + attempt, 60_000)],
    ['of version 0.1 whose grace was over', { ...sent, settleMs: 0 }, open(1_000, 2_000 + attempt, graceAnswered)],
  ])('%s', (_, of, sends) => {
    expect(openIn(of, timings)).toEqual(sends && { ...sends, skewMs: clockSkew });
  });

  it('shows whether the last sender died', () => {
    expect(
      [item, sent, { ...sent, endedBy: 1 }, { ...sent, graceMs: 1 }, { ...sent, settleMs: 0 }].map(hasDied),
    ).toEqual([false, true, true, false, false]);
  });
});
