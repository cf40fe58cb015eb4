import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { call, collectionOf } from '../harness/front-door.ts';
import { exampleWith, oversizedMembers } from '../harness/hostile-input.ts';
import { raw } from '../harness/raw-http.ts';
import { type RequestKind, runLoad } from './load-run.ts';

let gateway: Gateway;

/** The target of PingOne's redirects, and the requests that it gets. */
const elsewhere = createServer((request, response) => {
  strayed.push(`${request.method} ${request.url}`);
  response.end();
});
const strayed: string[] = [];
let elsewhereUrl = '';

beforeAll(async () => {
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening');
  elsewhereUrl = `http://127.0.0.1:${Object(elsewhere.address()).port}/`;
  gateway = await startGateway({
    port: 0,
    awsPort: 0,
    onLog: () => {},
    sandbox: {
      intercept: async (moment, { body }) =>
        moment === 'before' && String(body.name).startsWith('Moved')
          ? { status: Number(String(body.name).slice(-3)), headers: { location: elsewhereUrl } }
          : undefined,
    },
  });
});

afterAll(async () => {
  await gateway.close();
  elsewhere.close();
});

const creates = () => gateway.sandbox.requests.filter(({ method, path }) => method === 'POST' && !/token$/.test(path));

const lastCreate = () => {
  const request = creates().at(-1);
  if (!request) throw new Error('PingOne got no create');
  return request;
};

const named = ({ example }: Endpoint, name: string) => ({ ...example.body, name });

const pathOf = ({ path, example }: Endpoint) => `/v1${fillPath(path, example.parameters)}`;

const port = () => Number(new URL(gateway.url).port);

const post = (path: string, headers: readonly string[], body = '{}') =>
  raw(port(), [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${gateway.accessToken}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
    '',
    body,
  ]);

/** API Gateway's event; no HTTP parser has checked its headers. */
const invoke = async (endpoint: Endpoint, headers: Readonly<Record<string, string>>, name: string) =>
  Object(
    await gateway.functions.http.get(endpoint.name)?.invoke({
      version: '2.0',
      headers: { 'content-type': 'application/json', ...headers },
      pathParameters: endpoint.example.parameters,
      requestContext: { authorizer: { jwt: { claims: { iss: gateway.issuer.url, client_id: 'local' } } } },
      body: JSON.stringify(named(endpoint, name)),
      isBase64Encoded: false,
    }),
  );

describe.each(endpoints)('a hostile caller of $name', (endpoint) => {
  it('gets no header to PingOne except the two audit ids', async () => {
    const headers = { 'x-injected': '1', cookie: 'a=b', 'x-forwarded-host': 'evil.example', 'accept-encoding': 'br' };
    const ids = { 'x-ping-external-transaction-id': 't', 'x-ping-external-session-id': 's' };
    expect(
      (await call(gateway, endpoint, { headers: { ...headers, ...ids }, body: named(endpoint, 'Own') })).status,
    ).toBe(201);
    // The local runtime's own, on this machine only.
    const { 'x-local-invocation': _, ...sent } = lastCreate().headers;
    expect(sent).toEqual({
      accept: 'application/json',
      authorization: expect.stringMatching(/^Bearer /),
      connection: 'keep-alive',
      'content-length': expect.any(String),
      'content-type': 'application/json',
      host: new URL(gateway.sandbox.apiBase).host,
      ...ids,
    });
    expect(lastCreate().headers.authorization).not.toContain(gateway.accessToken);
  });

  it("puts no line break into PingOne's request", async () => {
    const broken = 'a\r\nX-Injected: 1\r\n\r\nPOST /v1/evil HTTP/1.1';
    const headers = { 'x-ping-external-transaction-id': broken, 'x-ping-external-session-id': broken };
    expect(await invoke(endpoint, headers, 'Broken')).toMatchObject({ statusCode: 201 });
    expect(lastCreate().headers).toMatchObject({
      'x-ping-external-transaction-id': 'a__X-Injected__1____POST_/v1/evil_HTTP/1.1',
      'x-ping-external-session-id': 'a__X-Injected__1____POST_/v1/evil_HTTP/1.1',
    });
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01${broken}`;
    expect(await invoke(endpoint, { traceparent: trace }, 'Traced')).toMatchObject({ statusCode: 201 });
    expect(lastCreate().headers['x-ping-external-transaction-id']).toBe('a'.repeat(32));
    expect(lastCreate().headers).not.toHaveProperty('x-injected');
  });

  it.each([
    ['line breaks', 'a\r\nX-Injected: 1', 'INVALID_VALUE'],
    ['what is not ASCII', 'ключ', 'INVALID_VALUE'],
    ['9,000 characters', 'k'.repeat(9_000), 'SIZE_LIMIT_EXCEEDED'],
  ])('gets a 400 for an Idempotency-Key with %s', async (_, key, code) => {
    const answer = await invoke(endpoint, { 'idempotency-key': key }, 'Keyed');
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body).details).toMatchObject([{ code, target: 'Idempotency-Key' }]);
    expect(answer.body.length).toBeLessThan(1_000);
  });

  it.each([
    ['20 KB of a header', [`X-Ping-External-Session-ID: ${'x'.repeat(20_000)}`], '431 Request Header Fields Too Large'],
    ['a header broken into two lines', ['X-Ping-External-Session-ID: a\r\n X-Injected: 1'], '400 Bad Request'],
  ])('gets a 4xx for %s', async (_, headers, status) => {
    const before = creates().length;
    expect(await post(pathOf(endpoint), headers, JSON.stringify(named(endpoint, 'Raw')))).toContain(
      `HTTP/1.1 ${status}`,
    );
    expect(creates()).toHaveLength(before);
  });

  it.each([
    '..',
    '%2e%2e',
    '..%2f..%2fadmin',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..%5c..',
    '%00',
    'ID%2f..%2f..',
    'ID/../ID',
    'ID%2e',
    'ID;a',
    'ID%3fa',
    'ID%23a',
    '%c0%ae%c0%ae',
  ])('leaves its environment by no path: %s', async (id) => {
    const before = creates().length;
    const [, environment = ''] = /environments\/([^/]+)/.exec(pathOf(endpoint)) ?? [];
    const path = pathOf(endpoint).replace(environment, id.replaceAll('ID', environment));
    expect(await post(path, [], JSON.stringify(named(endpoint, 'Lost')))).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(creates()).toHaveLength(before);
  });

  it.each(Object.entries(oversizedMembers))(
    'is answered when it sends %s, and does not harm the gateway',
    async (_, members) => {
      const answer = await Promise.race([
        call(gateway, endpoint, { body: exampleWith(members(), endpoint) }),
        delay(5_000, undefined),
      ]);
      expect(answer?.status).toBe(400);
      expect(answer?.json).toMatchObject({ status: 400, code: expect.stringMatching(/^INVALID_(?:DATA|REQUEST)$/) });
      // Lambda refuses an answer of more than 6 MB, in which each quote and backslash counts twice.
      expect(JSON.stringify(answer?.text).length).toBeLessThan(3_000_000);
    },
  );

  it('delays no other caller by sending slowly', async () => {
    const body = JSON.stringify(named(endpoint, 'Slow'));
    const socket = connect(port(), '127.0.0.1');
    const answered = once(socket, 'data');
    socket.write(
      `POST ${pathOf(endpoint)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${gateway.accessToken}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    for (const part of body.match(/.{1,10}/g) ?? []) {
      socket.write(part);
      await delay(5);
      if (part.startsWith('{')) expect((await call(gateway, endpoint, { body: {} })).status).toBe(400);
    }
    expect(String(await answered)).toContain('HTTP/1.1 201 ');
    socket.destroy();
  });
});

it('a PingOne that answers 302 or 307 redirects no request', async () => {
  const moves = endpoints.flatMap((endpoint) => [302, 307].map((status) => ({ endpoint, status })));
  await Promise.all(
    moves.map(async ({ endpoint, status }) => {
      const body = named(endpoint, `Moved ${status}`);
      const answer = await call(gateway, endpoint, { body });
      expect(answer).toMatchObject({ status: 503, json: { code: 'OUTCOME_UNKNOWN' } });
      expect(gateway.sandbox.resources(collectionOf(endpoint))).not.toContainEqual(expect.objectContaining(body));
    }),
  );
  expect(strayed).toEqual([]);
});

/** Few requests are allowed, and few reach the function. */
const kinds = Array.from({ length: 750 }, (_, nth): RequestKind => {
  if (nth % 250 === 0) return 'create';
  return nth % 50 === 1 ? 'invalid' : 'anonymous';
});

it('each of 750 concurrent requests is answered, and none stays in memory', { timeout: 120_000 }, async () => {
  const made = () => endpoints.flatMap((endpoint) => gateway.sandbox.resources(collectionOf(endpoint))).length;
  const already = made();
  const { answers, rss, heap } = await runLoad(gateway, { kinds, connections: 500 });
  const created = answers['create 201'] ?? 0;
  const unknown = (answers['create 503'] ?? 0) + (answers['create 504'] ?? 0);
  expect(Object.values(answers).reduce((sum, count) => sum + count, 0)).toBe(kinds.length);
  expect([
    ...['create 201', 'create 429', 'create 503', 'create 504'],
    ...['invalid 400', 'invalid 429', 'anonymous 401', 'anonymous 429'],
  ]).toEqual(expect.arrayContaining(Object.keys(answers)));
  expect(created).toBeGreaterThan(0);
  expect(made() - already).toBeGreaterThanOrEqual(created);
  expect(made() - already).toBeLessThanOrEqual(created + unknown);
  expect(rss.peak - rss.before).toBeLessThan(300);
  expect(heap.after - heap.before).toBeLessThan(8);
});
