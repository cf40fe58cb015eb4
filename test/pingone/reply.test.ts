import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { judge, judgeFailure, type Reply } from '../../lib/pingone/reply.ts';
import { type Answer, AnswerLost, NotSent } from '../../lib/runtime/connection.ts';

const now = Date.UTC(2026, 0, 1);

const answer = (status: number, body: unknown = '', headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'correlation-id': 'c-1', ...headers },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

const pingOneError = {
  id: 'e-1',
  code: 'INVALID_DATA',
  message: 'upstream words',
  details: [{ code: 'UNIQUENESS_VIOLATION', message: 'm', target: 'name' }],
};

const problemOf = (reply: Reply) => ('problem' in reply ? reply.problem : expect.fail(reply.known));

const judged = (endpoint: Endpoint, given: Answer) => {
  const reply = judge(endpoint, given, now);
  if (reply.known === 'created') return { known: reply.known };
  const { known, problem } = reply;
  return { known, code: problem.code, status: problem.status, ...('ended' in reply && { ended: reply.ended }) };
};

describe.each(endpoints)('an answer to $name', (endpoint) => {
  it('of 201 is created, with its id and the unchanged body', () => {
    const body = `${JSON.stringify(endpoint.example.resource)}\n`;
    const { id } = endpoint.example.resource;
    expect(judge(endpoint, answer(201, body), now)).toEqual({ known: 'created', id, text: body, correlationID: 'c-1' });
  });

  it.each([
    ['not JSON', '<html>'],
    ['cut off', JSON.stringify(endpoint.example.resource).slice(0, -1)],
    ['without an id', { ...endpoint.example.resource, id: undefined }],
    ['with an empty id', { ...endpoint.example.resource, id: '' }],
    ['with a number for its id', { ...endpoint.example.resource, id: 7 }],
    ['an id alone', { id: 'x' }],
    ['empty', ''],
  ])('of 201 with the body %s is unknown', (_, body) => {
    expect(judged(endpoint, answer(201, body))).toEqual({
      known: 'unknown',
      ended: 'lost',
      code: 'OUTCOME_UNKNOWN',
      status: 504,
    });
  });

  it.each([
    ['no name', { name: undefined }],
    ['null for its links', { _links: null }],
    ['links that lead nowhere', { _links: { self: null, environment: 'x' } }],
    ['null for what it was made of', { connector: null, paths: null }],
    ['a number for its date', { createdAt: 1 }],
  ])('of 201 with %s is created: it names the resource', (_, changes) => {
    const body = JSON.stringify({ ...endpoint.example.resource, ...changes });
    const { id } = endpoint.example.resource;
    expect(judge(endpoint, answer(201, body), now)).toMatchObject({ known: 'created', id, text: body });
  });

  it('of 201 with a PingOne error is unknown: its id is that of the error', () => {
    expect(judge(endpoint, answer(201, pingOneError), now)).toMatchObject({ known: 'unknown', ended: 'lost' });
  });

  it.each([
    [200, 'lost'],
    [202, 'lost'],
    [204, 'lost'],
    [301, 'lost'],
    [302, 'lost'],
    [307, 'lost'],
    [408, 'lost'],
    [500, 'answered'],
    [501, 'lost'],
    [502, 'lost'],
    [503, 'answered'],
    [504, 'lost'],
    [599, 'lost'],
  ])('of %i is unknown: %s', (status, ended) => {
    expect(judged(endpoint, answer(status, pingOneError))).toEqual({
      known: 'unknown',
      ended,
      code: 'OUTCOME_UNKNOWN',
      status: 504,
    });
  });

  it.each([500, 503])('of %i from a proxy is a lost answer', (status) => {
    expect(judged(endpoint, answer(status, '<html>'))).toMatchObject({ known: 'unknown', ended: 'lost' });
  });

  it.each([400, 402, 403, 404, 405, 409, 410, 413, 415, 422, 451])(
    'of %i is refused, with PingOne’s status',
    (status) => {
      expect(judged(endpoint, answer(status, pingOneError))).toEqual({
        known: 'refused',
        code: 'PINGONE_REFUSED',
        status,
      });
    },
  );

  it('of 401 is unauthorized: the gateway’s problem, not the caller’s', () => {
    expect(judged(endpoint, answer(401, pingOneError))).toEqual({
      known: 'unauthorized',
      code: 'PINGONE_ACCESS_FAILED',
      status: 502,
    });
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('of 429 with Retry-After %s is limited for %s ms', (header, retryAfterMs) => {
    const reply = judge(
      endpoint,
      answer(429, pingOneError, header === undefined ? {} : { 'retry-after': header }),
      now,
    );
    expect(reply).toMatchObject({ known: 'limited', problem: { code: 'REQUEST_LIMITED', facts: { retryAfterMs } } });
  });

  it('that refuses has PingOne’s words for the caller, and none in the message', () => {
    const reply = judge(endpoint, answer(400, pingOneError), now);
    if (reply.known !== 'refused') throw new Error(reply.known);
    const { message, facts } = reply.problem;
    expect(message).not.toContain('upstream words');
    expect(facts).toMatchObject({
      upstream: { code: 'INVALID_DATA', message: 'upstream words', id: 'e-1' },
      violations: pingOneError.details,
    });
  });

  it.each(['A'.repeat(65), 'lower case', 'secret=x', '', '1A'])(
    'that refuses with the invalid code "%s" gets the usual code of its status',
    (code) => {
      const given = answer(400, { ...pingOneError, code, details: [{ code, message: 'm' }] });
      expect(judge(endpoint, given, now)).toMatchObject({
        problem: {
          facts: { upstream: { code: 'REQUEST_FAILED' }, violations: [{ code: 'REQUEST_FAILED', message: 'm' }] },
        },
      });
    },
  );

  const { code, message, details: [first] = [] } = pingOneError;
  it.each([
    ['a detail without a code', [{ message: 'm', target: 't' }], [{ code, message: 'm', target: 't' }]],
    ['a detail without a message', [{ code: 'INVALID_VALUE' }], [{ code: 'INVALID_VALUE', message }]],
    ['null for members of a detail', [{ ...first, target: null, innerError: null }], [{ ...first, target: undefined }]],
    ['odd members of a detail', [{ ...first, target: ['name'], innerError: 'x' }], [{ ...first, target: undefined }]],
    ['numbers in a detail', [{ code: 7, message: 7, target: 7 }], [{ code, message }]],
    ['details that are no objects', [null, 'x', 7, [], first], [first]],
    ['null for its details', null, undefined],
    ['details that are no array', { name: first }, undefined],
  ])('that refuses with %s keeps its other members', (_, details, violations) => {
    const given = answer(400, { ...pingOneError, details });
    const { upstream } = problemOf(judge(endpoint, given, now)).facts;
    expect(upstream).toEqual({ id: 'e-1', code, message });
    expect(problemOf(judge(endpoint, given, now)).facts.violations).toEqual(violations);
    expect(judge(endpoint, answer(500, { ...pingOneError, details }), now)).toMatchObject({ ended: 'answered' });
  });

  it.each([
    ['null for its id', { id: null }, { code, message }],
    ['a number for its id', { id: 7 }, { code, message }],
    ['no message', { message: undefined }, { id: 'e-1', code, message: 'PingOne answered 400.' }],
    ['null for its message', { message: null }, { id: 'e-1', code, message: 'PingOne answered 400.' }],
  ])('that refuses with %s keeps its other members', (_, changes, upstream) => {
    const given = answer(400, { ...pingOneError, ...changes });
    expect(problemOf(judge(endpoint, given, now)).facts).toMatchObject({ violations: pingOneError.details });
    expect(problemOf(judge(endpoint, given, now)).facts.upstream).toEqual(upstream);
    expect(judge(endpoint, answer(503, { ...pingOneError, ...changes }), now)).toMatchObject({ ended: 'answered' });
  });

  it.each([
    ['neither a message nor an id', { code: 'INVALID_DATA' }],
    ['no code', { id: 'e-1', message: 'secret' }],
    ['a number for its code', { id: 'e-1', code: 400, message: 'secret' }],
    ['nothing but an array', [pingOneError]],
  ])('with %s is no PingOne error', (_, body) => {
    const { upstream } = problemOf(judge(endpoint, answer(400, body), now)).facts;
    expect(upstream).toEqual({ code: 'INVALID_DATA', message: 'PingOne answered 400.' });
    expect(judge(endpoint, answer(500, body), now)).toMatchObject({ ended: 'lost' });
  });

  it.each(['two words', 'x'.repeat(65), 'Bearer=x'])('with the invalid Correlation-Id "%s" has none', (id) => {
    const { example } = endpoint;
    const given = answer(201, example.resource, { 'correlation-id': id });
    expect(judge(endpoint, given, now)).toMatchObject({ known: 'created', correlationID: undefined });
  });

  it('that is no PingOne error reveals nothing of its body', () => {
    const reply = judge(
      endpoint,
      answer(403, { message: "Invalid key=value pair in Authorization header 'Bearer x'" }),
      now,
    );
    if (reply.known !== 'refused') throw new Error(reply.known);
    expect(reply.problem.facts.upstream).toEqual({ code: 'ACCESS_FAILED', message: 'PingOne answered 403.' });
  });
});

describe('a send without an answer', () => {
  it('is not sent, or unknown, by its error', () => {
    expect(judgeFailure(new NotSent('x'))).toMatchObject({ known: 'notSent', problem: { status: 503 } });
    expect(judgeFailure(new AnswerLost('x'))).toMatchObject({
      known: 'unknown',
      ended: 'lost',
      problem: { status: 504 },
    });
  });

  it('is unknown after an unforeseen error', () => {
    expect(judgeFailure(new TypeError('x')).known).toBe('unknown');
  });
});
