import { expect, it } from 'vitest';
import { runs } from './runs.ts';

const none = { duplicates: 0, losses: 0, orphans: 0, unknown: 0, misplaced: 0 };

it('creates once for each of 60 webhooks in a storm of faults, in which some are sent again', {
  timeout: 85_000,
}, async () => {
  const figures = await runs.webhook({ requests: 60, seed: 1 });
  expect(figures).toMatchObject(none);
  expect(figures.resources).toBeGreaterThan(40);
});
