import { expect, it } from 'vitest';
import { faultsIn } from './figures.ts';
import { runAll } from './runs.ts';

// In a short form; `npm run faults` is the long one. Without a grace period, so many make duplicates.
it('makes each of 150 requests once while everything fails', { timeout: 85_000 }, async () => {
  const figures = await runAll('gateway', 150, 1);
  const { duplicates, losses, orphans, unknown, resources } = figures;
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(faultsIn(figures)).toBeGreaterThan(195);
  expect(resources).toBeGreaterThan(105);
});

it('makes each of 20 requests once where PingOne fails late and lists later', { timeout: 85_000 }, async () => {
  const { duplicates, losses, orphans, unknown, resources } = await runAll('slow', 20, 1);
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(resources).toBeGreaterThan(13);
});

it('is needed: a client that just retries makes duplicates in the same storm', { timeout: 85_000 }, async () => {
  const { duplicates } = await runAll('plain', 60, 1);
  expect(duplicates).toBeGreaterThan(10);
});
