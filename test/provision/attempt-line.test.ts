import { expect, it } from 'vitest';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { Problem } from '../../lib/problems.ts';
import { newTally, noteUnknown, reportAttempt, reported } from '../../lib/provision/attempt-line.ts';

it.each([
  { before: false, after: false, tookOver: false, unknown: undefined },
  { before: false, after: true, tookOver: false, unknown: 'opened' },
  { before: true, after: false, tookOver: false, unknown: 'closed' },
  { before: true, after: true, tookOver: false, unknown: undefined },
  // An attempt that died logged no `opened`.
  { before: true, after: false, tookOver: true, unknown: undefined },
  { before: true, after: true, tookOver: true, unknown: 'opened' },
])('an attempt counts an unknown outcome once: %j', ({ before, after, tookOver, unknown }) => {
  const tally = { ...newTally(), tookOver };
  noteUnknown(tally, before, after);
  expect(tally.unknown).toBe(unknown);
});

const outcome = { requestID: 'r', how: 'created', id: 'i', text: '{}', correlationID: 'c' } as const;

it.each([
  ['accepted' as const, { outcome: 'accepted' }],
  [outcome, { outcome: 'created', request: 'r', resource: 'i', correlationID: 'c' }],
  [new Problem('ACCESS_FAILED', 'No.'), { outcome: 'denied', code: 'ACCESS_FAILED', status: 403 }],
  [new Problem('REQUEST_LIMITED', 'Wait.'), { outcome: 'failed', code: 'REQUEST_LIMITED', status: 429 }],
])("an attempt's line has its end: %j", (end, says) => {
  const lines: unknown[] = [];
  const asked = { endpoint, parameters: {}, origin: { door: 'http' }, arrivalID: 'a', requestID: 'asked' } as const;
  reportAttempt((_, line) => lines.push(line), asked, { ...newTally(), pingOneMs: 40 }, 100, end);
  expect(lines).toEqual([
    { attempt: expect.objectContaining({ request: 'asked', arrival: 'a', ...says, ownMs: 60, ms: 100 }) },
  ]);
});

it.each([
  [new Problem('REQUEST_LIMITED', 'Wait.'), 1],
  [new Error('a fault of ours'), 0],
])('an attempt that throws %s leaves %i lines', async (error, count) => {
  const lines: unknown[] = [];
  const parts = { log: (_: string, line: unknown) => lines.push(line), clock: { now: () => 0 } };
  const asked = { endpoint, parameters: {}, origin: { door: 'http' }, arrivalID: 'a' } as const;
  const attempt = reported(
    parts,
    asked,
    () => Promise.reject(error),
    () => 'accepted',
  );
  await expect(attempt).rejects.toBe(error);
  expect(lines).toHaveLength(count);
});
