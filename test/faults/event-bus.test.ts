import { expect, it } from 'vitest';
import { runAll } from './runs.ts';

const none = { duplicates: 0, losses: 0, orphans: 0, unknown: 0, misplaced: 0 };

it('makes each of 100 events once while everything fails, and loses none', { timeout: 85_000 }, async () => {
  const { duplicates, losses, orphans, unknown, misplaced, resources } = await runAll('queue', 100, 1);
  expect({ duplicates, losses, orphans, unknown, misplaced }).toEqual(none);
  expect(resources).toBeGreaterThan(70);
});
