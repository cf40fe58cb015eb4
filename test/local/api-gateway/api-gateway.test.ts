import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AnsweredRequest,
  type ApiGatewayOptions,
  createApiGateway,
} from '../../../infra/local/api-gateway/api-gateway.ts';
import { createAuthorizer } from '../../../infra/local/api-gateway/authorizer.ts';
import type { Event } from '../../../infra/local/api-gateway/event.ts';
import { createIssuer, type Issuer } from '../../../infra/local/api-gateway/issuer.ts';
import { type Loopback, listen } from '../../../infra/local/loopback/loopback.ts';
import { raw as rawHttp } from '../../harness/raw-http.ts';

let server: Loopback;
let issuer: Issuer;
let events: Event[];
let result: (event: Event) => unknown;

const start = (options: Partial<ApiGatewayOptions> = {}) => {
  const invoke = async (event: Event) => {
    events.push(event);
    return result(event);
  };
  const route = { method: 'POST', path: '/v1/things/{thing}/parts', scopes: ['make'], invoke };
  const pages = { ...issuer.pages, 'GET /a-page': async () => ({ status: 200 }) };
  server.answer(createApiGateway({ routes: [route], pages, ...options }));
};

const path = '/v1/things/one/parts';

const call = async (target = path, init: RequestInit = {}) => {
  const response = await fetch(`${server.url}${target}`, { method: 'POST', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const raw = (lines: readonly string[]) => rawHttp(server.port, lines);

beforeEach(async () => {
  server = await listen(0);
  issuer = await createIssuer(`${server.url}/issuer`, 'the-api');
  events = [];
  result = () => ({ statusCode: 201, body: 'made' });
});

afterEach(() => server.close());

describe('API Gateway on loopback creates events of payload 2.0', () => {
  it('of route, path, query and client', async () => {
    start();
    await call('/v1/things/a%20%2B%C3%A9/parts?a=1&b=x%20y&a=2', { headers: { 'user-agent': 'test' } });
    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: 'POST /v1/things/{thing}/parts',
        rawPath: '/v1/things/a +é/parts',
        rawQueryString: 'a=1&b=x%20y&a=2',
        queryStringParameters: { a: '1,2', b: 'x y' },
        pathParameters: { thing: 'a +é' },
        headers: expect.objectContaining({
          host: `127.0.0.1:${server.port}`,
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': String(server.port),
          'x-forwarded-proto': 'http',
          'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        }),
        requestContext: {
          accountId: '000000000000',
          apiId: 'local',
          domainName: '127.0.0.1',
          domainPrefix: '127',
          http: {
            method: 'POST',
            path: '/v1/things/a +é/parts',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test',
          },
          requestId: expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
          routeKey: 'POST /v1/things/{thing}/parts',
          stage: '$default',
          time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          timeEpoch: expect.any(Number),
        },
        isBase64Encoded: false,
      },
    ]);
  });

  it('with headers in lower case, joined where they are repeated', async () => {
    start();
    await raw([
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      'X-Twice: one',
      'x-twice: two',
      'Connection: close',
      '',
      '',
    ]);
    expect(events[0]?.headers).toMatchObject({ host: 'localhost', 'x-twice': 'one,two' });
  });

  const utf8 = Buffer.from('{"é":1}');
  it.each([
    ['application/json', false],
    ['Application/JSON; charset=utf-8', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['text/plain', false],
    ['application/merge-patch+json', true],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    ['', true],
  ])('with a body of type %j as text, or else in base64', async (contentType, isBase64Encoded) => {
    start();
    await call(path, { body: utf8, headers: { 'content-type': contentType } });
    expect(events[0]).toMatchObject({ body: utf8.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded });
  });

  it.each([
    ['begins with a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], '\uFEFF{}'],
    ['is not UTF-8', [0x22, 0xff, 0x22], '"\uFFFD"'],
  ])('with a text body that %s as text nevertheless', async (_, bytes, text) => {
    start();
    await call(path, { body: Buffer.from(bytes), headers: { 'content-type': 'application/json' } });
    expect(events[0]).toMatchObject({ body: text, isBase64Encoded: false });
  });
});

describe('API Gateway on loopback answers', () => {
  it('with status, headers and body of the result', async () => {
    start();
    result = () => ({
      statusCode: 418,
      headers: { 'Content-Type': 'application/problem+json', 'X-Other': '5', 'content-length': '99' },
      body: '{"a":1}',
    });
    const answer = await call();
    expect(answer).toMatchObject({ status: 418, text: '{"a":1}' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-other')).toBe('5');
    expect(answer.headers.get('apigw-requestid')).toBe(events[0]?.requestContext.requestId);
  });

  it('with 200 and JSON if the result has no status', async () => {
    start();
    result = () => ({ plain: true });
    const answer = await call();
    expect(answer).toMatchObject({ status: 200, text: '{"plain":true}' });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    { statusCode: 'no number' },
    { statusCode: 99 },
    { statusCode: 200, body: { not: 'text' } },
    { statusCode: 200, headers: { 'x-bad': 'line\nbreak' } },
    { statusCode: 200, headers: { 'not a name': 'text' } },
  ])('with 500 to the result %j', async (bad) => {
    start();
    result = () => bad;
    const answer = await call();
    expect(answer).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });

  it('with 500 if the function fails', async () => {
    start();
    result = () => {
      throw new Error('secret');
    };
    expect(await call()).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });

  it('with 503 if the function takes too long', async () => {
    start({ integrationTimeoutMs: 20 });
    result = () => delay(200);
    expect(await call()).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
  });

  it('with 413 to more than 10 MB', async () => {
    start();
    const limit = 10 * 1024 * 1024;
    expect((await call(path, { body: new Uint8Array(limit) })).status).toBe(201);
    expect(await call(path, { body: new Uint8Array(limit + 1) })).toMatchObject({
      status: 413,
      text: '{"message":"Request Entity Too Large"}',
    });
    expect(events).toHaveLength(1);
  });

  it.each([
    ['GET', path],
    ['PUT', path],
    ['POST', `${path}/`],
    ['POST', '/v1/things//parts'],
    ['POST', '/v1/things/%zz/parts'],
    ['POST', '/V1/things/one/parts'],
    ['POST', '/'],
  ])('with 404 if there is no route: %s %s', async (method, target) => {
    start();
    const answer = await call(target, { method });
    expect(answer).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
    expect(answer.headers.get('apigw-requestid')).toMatch(/./);
  });

  it('after a HEAD, a broken request and callers that disconnect', async () => {
    start();
    expect(await call(path, { method: 'HEAD' })).toMatchObject({ status: 404, text: '' });
    expect(await raw(['nonsense', '', ''])).toContain('400 Bad Request');
    const half = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Length: 100', '', 'half'];
    await once(connect(server.port, '127.0.0.1').end(half.join('\r\n')).resume(), 'close');
    result = () => delay(50);
    await expect(call(path, { signal: AbortSignal.timeout(10) })).rejects.toThrow();
    await delay(60);
    result = () => ({ statusCode: 201 });
    expect((await call()).status).toBe(201);
  });

  describe('only to names of this machine', () => {
    const answerTo = async (target: string, ...hosts: readonly string[]) => {
      start();
      const lines = [`GET ${target} HTTP/1.1`, ...hosts.map((host) => `Host: ${host}`), 'Connection: close', '', ''];
      const [status] = /\d{3}/.exec(await raw(lines)) ?? [];
      return Number(status);
    };

    it.each(['localhost', 'LocalHost:3000', '127.0.0.1', '127.0.0.1:80'])('%s is one', async (host) => {
      expect(await answerTo('/a-page', host)).toBe(200);
    });

    it.each([
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'evil.example:3000',
      'localhost@evil.example',
      'localhost.',
      'evil.localhost',
      'evil-127.0.0.1',
      'localhost:80:80',
      '127.1',
      '2130706433',
      '0.0.0.0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      ' ',
    ])('%j is none', async (host) => {
      expect(await answerTo('/a-page', host)).toBe(421);
    });

    it('another or a second name in the target is none', async () => {
      expect(await answerTo('http://evil.example/a-page', 'localhost')).toBe(404);
      expect(await answerTo('http://localhost/a-page', 'evil.example')).toBe(421);
      expect(await answerTo('/a-page', 'evil.example', 'localhost')).toBe(421);
      expect(await answerTo('/a-page')).toBe(400);
    });
  });

  it('with 429 to more concurrent requests than its limit, and again when there are fewer', async () => {
    start({ mostAtOnce: 2 });
    const held = Promise.withResolvers<unknown>();
    result = () => held.promise;
    const first = [call(), call()];
    while (events.length < 2) await delay(5);
    expect(await call()).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
    expect((await call('/a-page', { method: 'GET' })).status).toBe(200);
    held.resolve({ statusCode: 201 });
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([201, 201]);
    expect((await call()).status).toBe(201);
  });

  it('with 408 to a caller that sends too slowly', async () => {
    await server.close();
    server = await listen(0, 200);
    start();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n`);
    const trickle = setInterval(() => socket.write('x'), 20);
    const [answer] = await once(socket, 'data');
    clearInterval(trickle);
    socket.destroy();
    expect(String(answer)).toContain('408 Request Timeout');
    expect(events).toEqual([]);
  });

  it('and reports each request with its answer', async () => {
    const requests: AnsweredRequest[] = [];
    start({ onRequest: (request) => requests.push(request) });
    result = () => ({ statusCode: 201, body: '{"id":"the-id"}' });
    await call(`${path}?secret=in-query`);
    result = () => ({ statusCode: 204 });
    await call();
    expect(requests).toMatchObject([
      { arrival: { method: 'POST', path }, reply: { status: 201, body: '{"id":"the-id"}' }, ms: expect.any(Number) },
      { arrival: { method: 'POST', path }, reply: { status: 204 }, ms: expect.any(Number) },
    ]);
  });
});

describe('the JWT authorizer', () => {
  const token = { clientId: 'someone', scope: 'make other' };
  const seconds = () => Math.floor(Date.now() / 1000);
  const callWith = (authorization: string) => call(path, { headers: { authorization } });

  beforeEach(() => start({ authorize: createAuthorizer(issuer) }));

  it('accepts a valid token, with or without the word Bearer, and passes its claims as text', async () => {
    const jwt = await issuer.token({ ...token, claims: { groups: ['a', 'b'], level: 3, nothing: null } });
    expect((await callWith(`Bearer ${jwt}`)).status).toBe(201);
    expect((await callWith(jwt)).status).toBe(201);
    expect(events[0]?.requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          iss: issuer.url,
          aud: 'the-api',
          sub: 'someone',
          client_id: 'someone',
          scope: 'make other',
          groups: '[a b]',
          level: '3',
          iat: expect.stringMatching(/^\d+$/),
          exp: expect.stringMatching(/^\d+$/),
          jti: expect.any(String),
        },
        scopes: ['make', 'other'],
      },
    });
  });

  it('uses the client as the audience if there is none', async () => {
    const jwt = await issuer.token({ ...token, clientId: 'the-api', claims: { aud: undefined } });
    expect((await callWith(`Bearer ${jwt}`)).status).toBe(201);
  });

  it.each([
    ['expired', { exp: seconds() - 1 }, 'the token has expired'],
    ['without an end', { exp: undefined }, 'the token is invalid'],
    ['not valid yet', { nbf: seconds() + 60 }, 'the token is invalid'],
    ['from another issuer', { iss: 'https://another.example' }, 'the token is invalid'],
    ['for another audience', { aud: 'another' }, 'the token does not have a valid audience'],
  ])('answers 401 to a token that is %s', async (_, claims, description) => {
    const answer = await callWith(`Bearer ${await issuer.token({ ...token, claims })}`);
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer scope="" error="invalid_token" error_description="${description}"`,
    );
    expect(events).toEqual([]);
  });

  it('answers 401 to no token, to no JWT and to the token of another key', async () => {
    const none = await call();
    expect(none).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect((await callWith('Bearer nonsense')).status).toBe(401);
    expect((await callWith('Basic YTpi')).status).toBe(401);
    const other = await createIssuer(issuer.url, issuer.audience);
    expect((await callWith(`Bearer ${await other.token(token)}`)).status).toBe(401);
  });

  it('answers 403 to a token without the scope', async () => {
    const jwt = await issuer.token({ ...token, scope: 'other' });
    expect(await callWith(`Bearer ${jwt}`)).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });
});

describe('the local issuer', () => {
  it('grants a token to any client that asks', async () => {
    start({ authorize: createAuthorizer(issuer) });
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'me', scope: 'make' });
    const response = await fetch(`${issuer.url}/token`, { method: 'POST', body: form });
    const { access_token: jwt, ...rest } = Object(await response.json());
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: 'make' });
    expect((await call(path, { headers: { authorization: `Bearer ${jwt}` } })).status).toBe(201);
  });
});
