import { describe, expect, it } from 'vitest';
import { isDeployedSince, judgeDeployment, stateIn } from '../../lib/pingone/deployment.ts';

const now = Date.parse('2030-01-01T00:00:10Z');
const answerOf = (status: number, body: unknown = {}, headers = {}) => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const state = (code: string, more = {}) => ({ deployedAt: '2030-01-01T00:00:05.000Z', status: { code, ...more } });
const error = (code: string) => ({ id: 'e', code, message: 'No.' });

describe("PingOne's answer to a deployment", () => {
  it.each([
    [200, state('DEPLOYMENT_SUCCESSFUL'), 'deployed'],
    [200, { ...state('DEPLOYMENT_SUCCESSFUL'), authorizationVersion: { id: 'the same as before' } }, 'deployed'],
    [200, state('POLICIES_CREATE_IN_PROGRESS'), 'deploying'],
    [200, state('DECISION_ENDPOINT_UPDATE_IN_PROGRESS'), 'deploying'],
    [200, state('DEPLOYMENT_FAILED'), 'failed'],
    [200, state('DEPLOYMENT_SUCCESSFUL', { error: { code: 'UNEXPECTED_ERROR' } }), 'failed'],
    [200, state('SOMETHING_NEW'), 'failed'],
  ])('%i %j is %s', (status, body, is) => {
    expect(judgeDeployment(answerOf(status, body), now)).toMatchObject({ known: 'state', state: { is } });
  });

  it.each([
    [400, error('INVALID_DATA'), 'refused', 'PINGONE_REFUSED', 400],
    [401, error('ACCESS_FAILED'), 'unauthorized', 'PINGONE_ACCESS_FAILED', 502],
    [403, error('ACCESS_FAILED'), 'refused', 'PINGONE_REFUSED', 403],
    [404, error('NOT_FOUND'), 'refused', 'PINGONE_REFUSED', 404],
    [405, {}, 'refused', 'PINGONE_REFUSED', 405],
    [409, {}, 'busy', 'PINGONE_REFUSED', 409],
    [415, error('INVALID_REQUEST'), 'refused', 'PINGONE_REFUSED', 415],
    [429, error('REQUEST_LIMITED'), 'limited', 'REQUEST_LIMITED', 429],
    [408, {}, 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [500, error('UNEXPECTED_ERROR'), 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [502, '<html>', 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [503, error('SERVICE_UNAVAILABLE'), 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [504, '<html>', 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [200, '{"status"', 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [200, state('DEPLOYMENT_UNINITIALIZED'), 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [201, state('DEPLOYMENT_SUCCESSFUL'), 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
    [302, '', 'unknown', 'DEPLOYMENT_UNKNOWN', 503],
  ])('%i %j is %s', (status, body, known, code, ours) => {
    expect(judgeDeployment(answerOf(status, body), now)).toMatchObject({ known, problem: { code, status: ours } });
  });

  it('says how long to wait', () => {
    const limited = answerOf(429, error('REQUEST_LIMITED'), { 'retry-after': '40' });
    expect(judgeDeployment(limited, now)).toMatchObject({ problem: { facts: { retryAfterMs: 40_000 } } });
  });
});

describe('a deployment since a time', () => {
  /** PingOne's clock is 30 s ahead of ours; its `Date` has whole seconds. */
  const isSince = (deployedAt: string, headers: Readonly<Record<string, string>>) => {
    const answer = answerOf(200, { deployedAt, status: { code: 'DEPLOYMENT_SUCCESSFUL' } }, headers);
    const read = stateIn(answer);
    // Sent 10 s before the state was asked for: at 00:00:30 by PingOne's clock.
    return read && isDeployedSince(read, answer, now - 10_000, now);
  };
  const date = { date: 'Tue, 01 Jan 2030 00:00:40 GMT' };

  it.each([
    ['2030-01-01T00:00:31.000Z', true],
    ['2030-01-01T00:00:39.000Z', true],
    // As far as a Date in whole seconds can tell, this may be earlier.
    ['2030-01-01T00:00:30.900Z', false],
    ['2030-01-01T00:00:12.000Z', false],
  ])("compares PingOne's times only: %s", (deployedAt, expected) => {
    expect(isSince(deployedAt, date)).toBe(expected);
  });

  it('is not known without a Date', () => {
    expect(isSince('2030-01-01T00:00:39.000Z', {})).toBe(false);
  });
});
