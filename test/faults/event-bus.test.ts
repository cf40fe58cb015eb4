import { expect, it } from 'vitest';
import { runs } from './runs.ts';

const none = { duplicates: 0, losses: 0, orphans: 0, unknown: 0, misplaced: 0 };

it.each([
  [100, 'a table in memory', false],
  [12, 'dynalite', true],
] as const)(
  'creates once for each of %i events in a storm of faults, with %s',
  { timeout: 85_000 },
  async (requests, _, dynalite) => {
    const figures = await runs.queue({ requests, seed: 1, dynalite });
    expect(figures).toMatchObject(none);
    expect(figures.resources).toBeGreaterThan(0.7 * requests);
  },
);
