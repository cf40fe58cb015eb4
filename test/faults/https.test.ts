import { expect, it } from 'vitest';
import { violationsIn } from './figures.ts';
import { runAll } from './runs.ts';

// In a short form; `npm run faults` is the long one.
it('makes each of 250 requests once while everything fails', { timeout: 85_000 }, async () => {
  const figures = await runAll('gateway', 250, 1);
  const { duplicates, losses, orphans, unknown, resources } = figures;
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(violationsIn(figures)).toBeGreaterThan(325);
  expect(resources).toBeGreaterThan(180);
});

it('makes each of 30 requests once where PingOne fails late and lists later', { timeout: 40_000 }, async () => {
  const { duplicates, losses, orphans, unknown, resources } = await runAll('slow', 30, 1);
  expect({ duplicates, losses, orphans, unknown }).toEqual({ duplicates: 0, losses: 0, orphans: 0, unknown: 0 });
  expect(resources).toBeGreaterThan(20);
});

it('is needed: a client that just retries makes duplicates in the same storm', { timeout: 40_000 }, async () => {
  const { duplicates } = await runAll('plain', 250, 1);
  expect(duplicates).toBeGreaterThan(10);
});
