import { expect, it } from 'vitest';
import { violationsIn } from './figures.ts';
import { runAll } from './runs.ts';

// In a short form; `npm run faults` is the long one.
it('makes each of 60 requests once while everything fails', { timeout: 85_000 }, async () => {
  const figures = await runAll('gateway', 60, 1);
  const { duplicates, losses, orphans, unknown, resources } = figures;
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(violationsIn(figures)).toBeGreaterThan(100);
  expect(resources).toBeGreaterThan(45);
});

it('makes each of 12 requests once where PingOne fails late and lists later', { timeout: 85_000 }, async () => {
  const { duplicates, losses, orphans, unknown, resources } = await runAll('slow', 12, 1);
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(resources).toBeGreaterThan(9);
});

it('is needed: a client that just retries makes duplicates in the same storm', { timeout: 85_000 }, async () => {
  const { duplicates } = await runAll('plain', 60, 1);
  expect(duplicates).toBeGreaterThan(10);
});
