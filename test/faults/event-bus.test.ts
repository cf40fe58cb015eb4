import { expect, it } from 'vitest';
import { runAll } from './runs.ts';

const none = { duplicates: 0, losses: 0, orphans: 0, unknown: 0, misplaced: 0 };

it.each([
  [100, 'a table in memory', false],
  [20, 'dynalite, by the AWS SDK', true],
] as const)(
  'makes each of %i events once while everything fails, with %s',
  { timeout: 85_000 },
  async (requests, _, sdk) => {
    const figures = await runAll('queue', { requests, seed: 1, sdk });
    expect(figures).toMatchObject(none);
    expect(figures.resources).toBeGreaterThan(0.7 * requests);
  },
);
