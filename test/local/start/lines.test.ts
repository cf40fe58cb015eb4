import { describe, expect, it } from 'vitest';
import type { AnsweredRequest } from '../../../infra/local/api-gateway/api-gateway.ts';
import { localGrants } from '../../../infra/local/gateway/local-grants.ts';
import { type Line, textOf } from '../../../infra/local/start/line.ts';
import { principalHint } from '../../../infra/local/start/principal-hint.ts';
import { isCall, requestLine } from '../../../infra/local/start/request-line.ts';
import { routeHint } from '../../../infra/local/start/route-hint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { problemAnswer } from '../../../lib/http/problem.ts';
import { Problem } from '../../../lib/problems.ts';

const [endpoint] = endpoints;
if (!endpoint) throw new Error('there is no endpoint');
const path = `/v1${fillPath(endpoint.path, endpoint.example.parameters)}`;
const at = new Date('2030-01-01T12:34:56');

const line: Line = { outcome: 'Created', tone: 'good', via: '201', ms: 35.2, name: 'CI', code: 'the-id' };

describe('a line of the terminal', () => {
  it('has time, outcome, status, duration, name, code and reason in columns', () => {
    const bus: Line = { ...line, outcome: 'Not delivered', via: 'bus', ms: undefined, code: undefined, reason: 'Why' };
    const long: Line = { ...line, ms: 12_345, name: 'A name of more than 24 letters', reason: 'it is so' };
    expect([line, bus, long].map((each) => textOf(each, at, 120))).toEqual([
      '12:34:56 Created       201    35 ms  CI                       the-id',
      '12:34:56 Not delivered bus           CI                        Why',
      '12:34:56 Created       201 12345 ms  A name of more than 24 … the-id it is so',
    ]);
  });

  it('has at most two lines of reason at 120 columns, and its hint', () => {
    const printed = textOf({ ...line, reason: 'reason '.repeat(100), hint: 'Do it.' }, at, 120).split('\n');
    expect(printed).toHaveLength(4);
    expect(printed[2]).toMatch(/…$/);
    expect(printed[3]).toBe(`${' '.repeat(9)}Do it.`);
  });

  it.each([90, 120, 160])('never wraps at %i columns: the rest and the hint follow below', (width) => {
    const reason = 'connector.id must be a string, not a number, and there is more to say about it than has room here';
    const printed = textOf(
      { ...line, code: 'PINGONE_ACCESS_FAILED', reason, hint: `Do ${'x'.repeat(300)}` },
      at,
      width,
    );
    const [first, ...below] = printed.split('\n');
    expect(first).toMatch(/ PINGONE_ACCESS_FAILED$/);
    for (const each of printed.split('\n')) expect(each.length).toBeLessThanOrEqual(width);
    expect(below.every((each) => each.startsWith(' '.repeat(9)))).toBe(true);
    expect(below.map((each) => each.trim()).join(' ')).toContain(`${reason} Do x`);
  });
});

/** A request and its answer. */
const answered = (
  { method = 'POST', to = path, sent = '{"name":"CI"}' },
  reply: { status: number; headers?: Record<string, string>; body?: string },
): AnsweredRequest => ({
  arrival: {
    method,
    path: to,
    query: '',
    protocol: 'HTTP/1.1',
    sourceIp: '127.0.0.1',
    headers: {},
    rawHeaders: [],
    body: Buffer.from(sent),
    over: new AbortController().signal,
  },
  reply,
  ms: 1,
});

const problem = (error: Problem) => {
  const { statusCode, body = '' } = problemAnswer(error, 'http://docs', crypto.randomUUID());
  return { status: Number(statusCode), body };
};

const said = (request: AnsweredRequest) => {
  const { outcome, name, code, reason, hint } = requestLine(request, 'http://here');
  return { outcome, name, code, reason, hint };
};

describe('a request', () => {
  it.each<[string, Partial<Line>, AnsweredRequest]>([
    [
      'with a resource says how it was obtained',
      { outcome: 'Adopted', name: 'CI', code: 'i' },
      answered({}, { status: 201, headers: { 'provisioner-outcome': 'adopted' }, body: '{"id":"i"}' }),
    ],
    [
      'that was accepted says so',
      { outcome: 'Accepted', name: 'CI', code: 'accepted' },
      answered({}, { status: 202, body: '{"id":"r","state":"accepted"}' }),
    ],
    [
      'for a status says the state',
      { outcome: 'Read', name: 'GET /v1/requests/r', code: 'created' },
      answered({ method: 'GET', to: '/v1/requests/r', sent: '' }, { status: 200, body: '{"state":"created"}' }),
    ],
    [
      'that is invalid says how to mend it',
      {
        outcome: 'Invalid',
        name: 'CI',
        code: 'INVALID_DATA',
        reason: 'name must be shorter (and 1 more; see details)',
      },
      answered(
        {},
        problem(
          new Problem('INVALID_DATA', 'No.', {
            violations: ['name must be shorter', 'b'].map((message) => ({ code: 'INVALID_VALUE', message })),
          }),
        ),
      ),
    ],
    [
      'that PingOne refused says what PingOne said, and of which member',
      { outcome: 'Rejected', code: 'PINGONE_REFUSED', reason: 'Not valid. The name is taken.' },
      answered(
        {},
        problem(
          new Problem('PINGONE_REFUSED', 'No.', {
            status: 400,
            upstream: { code: 'INVALID_DATA', message: 'Not valid.' },
            violations: [{ code: 'UNIQUENESS_VIOLATION', message: 'The name is taken.' }],
          }),
        ),
      ),
    ],
    [
      'without a token says where there is one',
      {
        outcome: 'Denied',
        reason: 'the request has no token',
        hint: 'Send -H "Authorization: Bearer $token" after token=$(curl -s http://here/local/token).',
      },
      answered({}, { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: '{"message":"Unauthorized"}' }),
    ],
    [
      'with an old token says that it has expired',
      { outcome: 'Denied', reason: 'the token has expired' },
      answered(
        {},
        {
          status: 401,
          headers: { 'www-authenticate': 'Bearer error_description="the token has expired"' },
          body: '{}',
        },
      ),
    ],
    [
      'with a token of another scope says so',
      { outcome: 'Denied', reason: 'the token does not have the scope of the route' },
      answered({}, { status: 403, body: '{"message":"Forbidden"}' }),
    ],
    [
      'to the base path of IAM callers without a signature says where the credentials are',
      {
        outcome: 'Denied',
        reason: 'the request is not signed by the local role',
        hint: 'Sign it for the service execute-api with the credentials in "iam" of http://here/local.',
      },
      answered({ to: `/iam${path}` }, { status: 403, body: '{"message":"Forbidden"}' }),
    ],
    [
      'of an IAM caller has the name of the resource, as every create',
      { outcome: 'Created', name: 'CI', code: 'the-id' },
      answered(
        { to: `/iam${path}` },
        { status: 201, headers: { 'provisioner-outcome': 'created' }, body: '{"id":"the-id"}' },
      ),
    ],
    [
      'that API Gateway limits has its message',
      { outcome: 'Limited', reason: 'Too Many Requests' },
      answered({}, { status: 429, body: '{"message":"Too Many Requests"}' }),
    ],
    [
      'that no route takes names the route that is meant',
      {
        outcome: 'No route',
        reason: 'The API has no route POST /v2.',
        hint: expect.stringMatching(/^Did you mean (POST|GET) \/v1\//),
      },
      answered({ to: '/v2', sent: '' }, { status: 404, body: '{"message":"Not Found"}' }),
    ],
  ])('%s', (_, expected, request) => {
    expect(said(request)).toMatchObject(expected);
  });

  it('has no line for a page view', () => {
    expect(isCall(answered({ method: 'GET', to: '/docs' }, { status: 200 }))).toBe(false);
    expect(isCall(answered({ method: 'GET', to: '/iam/v1/requests/r' }, { status: 200 }))).toBe(true);
    expect(isCall(answered({ method: 'GET', to: '/dosc' }, { status: 404 }))).toBe(true);
  });
});

describe.each(endpoints)('a path like that of $name', ({ path: template, example }) => {
  const filled = fillPath(template, example.parameters);

  it.each([
    ['without /v1', filled],
    ['with a letter too few', `/v1${filled}`.slice(0, -1)],
    ['with a slash at its end', `/v1${filled}/`],
    ['with placeholders', `/v1${template}s`],
  ])('%s gets a hint with its route', (_, wrong) => {
    expect(routeHint('POST', wrong)).toBe(`Did you mean POST /v1${template}?`);
  });

  it('with another method gets a hint with the method', () => {
    expect(routeHint('PUT', `/v1${filled}`)).toMatch(/^This path allows POST or GET, not PUT/);
    expect(routeHint('DELETE', `/v1${filled}/${crypto.randomUUID()}`)).toMatch(/^This path allows GET, not DELETE/);
  });
});

describe('a principal that is not in the grants', () => {
  const grants = localGrants('http://127.0.0.1:3000/issuer');
  const denied = (principal: string) =>
    JSON.stringify({ message: { attempt: { outcome: 'denied', dimension: 'principal', principal } } });

  it.each([
    ['event:000000000000:com.example.catalog', 'did you mean event:000000000000:com.example.catalogue?'],
    ['jwt:http://127.0.0.1:3000/issuer:client:Local', 'did you mean jwt:http://127.0.0.1:3000/issuer:client:local?'],
    ['event:123456789012:somebody.else', 'their principals are jwt:http://127.0.0.1:3000/issuer:client:local, event:'],
  ])('is reported with the likely one: %s', (principal, hint) => {
    const said = principalHint(denied(principal), grants);
    expect(said).toContain(`The principal ${principal} is not in the grants; ${hint}`);
  });

  it.each([
    '{"message":{"attempt":{"outcome":"denied","dimension":"name","principal":"event:1:a"}}}',
    '{"message":"text"}',
    'no JSON',
  ])('is not reported by another line: %s', (other) => {
    expect(principalHint(other, grants)).toBeUndefined();
  });
});
