import { expect, it } from 'vitest';
import { newTally, noteUnknown } from '../../lib/provision/attempt-line.ts';

it.each([
  { before: false, after: false, tookOver: false, unknown: undefined },
  { before: false, after: true, tookOver: false, unknown: 'opened' },
  { before: true, after: false, tookOver: false, unknown: 'closed' },
  { before: true, after: true, tookOver: false, unknown: undefined },
  // An attempt that died told nobody that it left the outcome unknown.
  { before: true, after: false, tookOver: true, unknown: undefined },
  { before: true, after: true, tookOver: true, unknown: 'opened' },
])('an attempt counts an unknown outcome once: %j', ({ before, after, tookOver, unknown }) => {
  const tally = { ...newTally(), tookOver };
  noteUnknown(tally, before, after);
  expect(tally.unknown).toBe(unknown);
});
