import { expect, it } from 'vitest';
import { faultsIn } from './figures.ts';
import { runs } from './runs.ts';

const none = { duplicates: 0, losses: 0, orphans: 0, unknown: 0 };

// In a short form; `npm run faults` is the long one. Without a grace period, so many make duplicates.
it.each([
  [150, 'a table in memory', false],
  [25, 'dynalite', true],
] as const)(
  'creates once for each of %i requests in a storm of faults, with %s',
  { timeout: 85_000 },
  async (requests, _, dynalite) => {
    const figures = await runs.gateway({ requests, seed: 1, dynalite });
    expect(figures).toMatchObject(none);
    expect(faultsIn(figures)).toBeGreaterThan(1.3 * requests);
    expect(figures.resources).toBeGreaterThan(0.7 * requests);
  },
);

it('creates once for each of 20 requests if PingOne fails late and lists later', { timeout: 85_000 }, async () => {
  const figures = await runs.slow({ requests: 20, seed: 1 });
  expect(figures).toMatchObject(none);
  expect(figures.resources).toBeGreaterThan(13);
});

it('counts duplicates of a client that just retries in the same storm', { timeout: 85_000 }, async () => {
  const { duplicates } = await runs.plain({ requests: 60, seed: 1 });
  expect(duplicates).toBeGreaterThan(10);
});
