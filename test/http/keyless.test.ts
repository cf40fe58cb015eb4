import { expect, it } from 'vitest';
import { forKeyless } from '../../lib/http/keyless.ts';
import { Problem } from '../../lib/problems.ts';

it('gives a caller without a key a Retry-After even if the gateway knows no time', () => {
  const unknown = new Problem('OUTCOME_UNKNOWN', 'An operator must settle the request.');
  expect(forKeyless(unknown)).toMatchObject({ status: 503, facts: { retryAfterMs: 30_000 } });
});

it('keeps the wait that is known, and every other error', () => {
  const busy = new Problem('REQUEST_IN_PROGRESS', 'In progress.', { retryAfterMs: 7_000, idempotencyKey: 'k' });
  expect(forKeyless(busy)).toMatchObject({
    code: 'NAME_BUSY',
    status: 429,
    facts: { retryAfterMs: 7_000, idempotencyKey: 'k' },
  });
  const exhausted = new Problem('NAME_EXHAUSTED', 'Use another name.');
  expect(forKeyless(exhausted)).toBe(exhausted);
});
