import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../lib/ledger/table.ts';
import { Problem } from '../../lib/problems.ts';
import { problemOf, withIDs } from '../../lib/provision/problems.ts';
import { defaultTimings as timings } from '../../lib/provision/timings.ts';

const clock = { now: () => 0, after: () => () => {} };
const nothing = { open: undefined, clock, timings };
const open = { open: { firstSent: 0, endedBy: 0, graceMs: 15_000, skewMs: 0 }, clock, timings };
const limited = (retryAfterMs?: number) => new Problem('REQUEST_LIMITED', 'Wait.', { retryAfterMs });

describe('the problem of an error', () => {
  it.each([
    ['is itself', limited(), 'REQUEST_LIMITED'],
    ['is that of the ledger', new LedgerUnavailable('no'), 'LEDGER_UNAVAILABLE'],
    ['is unexpected', new Error('odd'), 'UNEXPECTED_ERROR'],
  ])('is %s if no send is open', (_, error, code) => {
    expect(problemOf(error, nothing)).toMatchObject({ code });
  });

  it.each([
    ['another problem', limited(), 25_000],
    ['one that asks for a longer wait', limited(90_000), 90_000],
    ['one that asks for a shorter wait', limited(1), 25_000],
    ['an error', new LedgerUnavailable('no'), 25_000],
    ['an error with a code of its own', Object.assign(new Error('no'), { code: 'OUTCOME_UNKNOWN' }), 25_000],
  ])('is an unknown outcome if sends are open: %s', (_, error, retryAfterMs) => {
    expect(problemOf(error, open)).toMatchObject({ code: 'OUTCOME_UNKNOWN', facts: { retryAfterMs }, cause: error });
  });

  it.each(['OUTCOME_UNKNOWN', 'REQUEST_IN_PROGRESS'] as const)('stays %s if sends are open', (code) => {
    const problem = new Problem(code, 'So it is.');
    expect(problemOf(problem, open)).toBe(problem);
  });
});

describe('the ids that find a request again', () => {
  const attempt = { claim: { id: 'r', owner: 'o', lease: 0 }, retryKey: 'k', correlationID: 'c' };

  it.each([
    ['REQUEST_LIMITED', {}, { requestID: 'r', idempotencyKey: 'k' }],
    ['PINGONE_REFUSED', { status: 400 }, { requestID: 'r', status: 400 }],
    ['PINGONE_REFUSED', { status: 400, correlationID: 'own' }, { requestID: 'r', status: 400, correlationID: 'own' }],
    ['LEDGER_UNAVAILABLE', {}, { idempotencyKey: 'k' }],
    ['OUTCOME_UNKNOWN', {}, { requestID: 'r', idempotencyKey: 'k', correlationID: 'c' }],
    [
      'OUTCOME_UNKNOWN',
      { requestID: 'joined', idempotencyKey: 'its', correlationID: 'own' },
      { requestID: 'joined', idempotencyKey: 'its', correlationID: 'own' },
    ],
  ] as const)('is part of %s, beside %j', (code, facts, found) => {
    const cause = new Error('before');
    const problem = withIDs(new Problem(code, 'So it is.', { ...facts, cause }), attempt);
    expect(problem).toMatchObject({ code, message: 'So it is.', cause });
    expect(JSON.parse(JSON.stringify({ ...problem.facts, cause: undefined }))).toEqual(found);
  });
});
