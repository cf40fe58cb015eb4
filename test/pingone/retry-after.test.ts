import { expect, it } from 'vitest';
import { retryAfterMs } from '../../lib/pingone/retry-after.ts';

const now = Date.UTC(2026, 0, 1);
const of = (value: string) =>
  retryAfterMs({ status: 429, headers: { 'retry-after': value }, body: Buffer.alloc(0) }, now);

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Thu Jan  1 00:00:30 2026', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
])('Retry-After %o is read by RFC 9110', (value, milliseconds) => {
  expect(of(value)).toBe(milliseconds);
});

it.each([
  '',
  '-1',
  '1.5',
  '1e3',
  '+5',
  '1,2',
  '2026-01-01',
  '2026-01-01T00:00:30Z',
  'Jan 1 2026',
  'soon',
  '9999999999',
])('Retry-After %o is ignored', (value) => {
  expect(of(value)).toBeUndefined();
});
