import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scope } from '../../infra/local/api-gateway/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import type { Outgoing } from '../../infra/local/loopback/outgoing.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { call, collectionOf } from '../harness/front-door.ts';

/** A free port: the grants name the issuer before it starts. */
const probe = await listen(0);
const { port, url } = probe;
await probe.close();
const issuer = `${url}/issuer`;
const callerWith = (name: string, change: object = {}) => {
  const caller = callerOfAll(name, [{ jwt: { issuer, client: name } }]);
  return { ...caller, grants: caller.grants.map((grant) => ({ ...grant, ...change })) };
};
const grants: GrantsDocument = {
  version: '1',
  callers: [
    callerWith('maker'),
    callerWith('writer', { actions: ['create'] }),
    callerWith('auditor', { actions: ['read'], secrets: true }),
    callerWith('limited', { actions: ['read'], names: ['mine-*'], pathPrefixes: ['/mine'] }),
  ],
};

let gateway: Gateway;
const lines: string[] = [];
/** Replaces PingOne's answers to reads. */
let alter: (outgoing: Outgoing) => Outgoing = (outgoing) => outgoing;

beforeAll(async () => {
  const isRead = (method: string, path: string) => method === 'GET' && path.startsWith('/v1/');
  gateway = await startGateway({
    port,
    awsPort: 0,
    grants,
    onLog: (line) => lines.push(line),
    sandbox: { alter: ({ method, path }, outgoing) => (isRead(method, path) ? alter(outgoing) : outgoing) },
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  alter = (outgoing) => outgoing;
  lines.length = 0;
});

const read = async (client: string, path: string) => {
  const token = await gateway.issuer.token({ clientId: client, scope });
  const response = await fetch(gateway.apiPath + path, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: Object(JSON.parse(text)) };
};

const make = async (endpoint: Endpoint, change: object = {}) => {
  const authorization = `Bearer ${await gateway.issuer.token({ clientId: 'maker', scope })}`;
  const body = { ...endpoint.example.body, name: randomUUID(), ...change };
  const { status, json } = await call(gateway, endpoint, { body, headers: { authorization } });
  expect(status).toBe(201);
  return json;
};

/** Members that the grants of `limited` allow. */
const mine = ({ grants }: Endpoint) => ({
  ...('names' in grants && { name: `mine-${randomUUID()}` }),
  ...('pathPrefixes' in grants && { paths: [{ type: 'EXACT', pattern: `/mine/${randomUUID()}` }] }),
});
const reads = () => gateway.sandbox.requests.filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/'));
const lineOf = () => lines.map((line) => Object(JSON.parse(line))).find(({ message }) => message?.read)?.message.read;

describe.each(endpoints)('a read of what $name creates', (endpoint) => {
  const path = collectionOf(endpoint);

  it("answers a resource with PingOne's own body, a hash of it, and one line without content", async () => {
    const made = await make(endpoint);
    const { status, headers, text } = await read('maker', `${path}/${made.id}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(text).toBe(JSON.stringify(made));
    expect(headers.get('etag')).toBe(`"${createHash('sha256').update(text).digest('hex')}"`);
    expect(headers.get('correlation-id')).toMatch(/^[\da-f-]{36}$/);
    expect(lineOf()).toMatchObject({ outcome: 'read', grant: 'all', resource: made.id, endpoint: endpoint.name });
    expect(lines.join()).not.toContain(made.name);
  });

  it("answers a resource that does not exist with PingOne's 404", async () => {
    const { status, json } = await read('maker', `${path}/${randomUUID()}`);
    expect([status, json.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('denies a caller without the action, and does not ask PingOne', async () => {
    const before = reads().length;
    for (const at of [path, `${path}/${randomUUID()}`]) {
      const { status, json } = await read('writer', at);
      expect([status, json.code, json.details[0].innerError.dimension]).toEqual([403, 'ACCESS_FAILED', 'action']);
    }
    expect((await read('stranger', path)).status).toBe(403);
    expect(reads()).toHaveLength(before);
    expect(lineOf()).toMatchObject({ outcome: 'denied', dimension: 'action' });
  });

  it("shows a caller only what its limits allow of PingOne's resource: 403 by id, and absent from the list", async () => {
    const [own, foreign] = [await make(endpoint, mine(endpoint)), await make(endpoint)];
    expect((await read('limited', `${path}/${own.id}`)).status).toBe(200);
    expect((await read('limited', `${path}/${foreign.id}`)).status).toBe(403);
    expect((await read('limited', `${path}/${randomUUID()}`)).status).toBe(404);
    const { status, json } = await read('limited', path);
    const [rows = []]: { id: string }[][] = Object.values(json._embedded);
    expect([status, json.count, json.size]).toEqual([200, rows.length, rows.length]);
    expect(rows.map(({ id }) => id)).toContain(own.id);
    expect(rows.map(({ id }) => id)).not.toContain(foreign.id);
  });

  it("reads a list of many pages whole, without a link to PingOne's next page", async () => {
    const { id } = await make(endpoint);
    let page = 0;
    let links: readonly string[] = [];
    alter = (outgoing) => {
      if (typeof outgoing === 'string' || !('body' in outgoing) || page++ > 0) return outgoing;
      const body = JSON.parse(String(outgoing.body));
      links = Object.keys(body._links);
      return json(200, {
        ...body,
        _embedded: { [path.split('/').at(-1) ?? '']: [] },
        count: 9,
        _links: { ...body._links, next: body._links.self },
      });
    };
    const { status, json: list } = await read('maker', path);
    expect(status).toBe(200);
    expect(JSON.stringify(list._embedded)).toContain(id);
    expect(Object.keys(list._links)).toEqual(links);
    expect(links).toContain('self');
  });

  it.each([
    ['counts more than it shows', (body: object) => json(200, { ...body, count: 1_000 })],
    [
      'has a row without an id',
      (body: object) =>
        json(200, { ...body, _embedded: { [path.split('/').at(-1) ?? '']: [{ name: 'x' }] }, count: 1 }),
    ],
    ['fails', () => json(500, { id: 'x', code: 'UNEXPECTED_ERROR', message: 'x' })],
    ['is broken off', () => 'reset' as const],
  ])('answers 502 where the list %s', async (_, instead) => {
    alter = (outgoing) =>
      typeof outgoing === 'string' || !('body' in outgoing) ? outgoing : instead(JSON.parse(String(outgoing.body)));
    const { status, json: problem } = await read('maker', path);
    expect([status, problem.code]).toEqual([502, 'LIST_INCOMPLETE']);
  });

  it("passes on PingOne's refusals, and its limits with Retry-After", async () => {
    const words = 'The actor attempting to perform the request is not authorized.';
    for (const at of [path, `${path}/${randomUUID()}`]) {
      alter = () => json(403, { id: 'x', code: 'ACCESS_FAILED', message: words });
      expect(await read('maker', at)).toMatchObject({ status: 403, json: { code: 'ACCESS_FAILED', message: words } });
      alter = () => json(429, { id: 'x', code: 'REQUEST_LIMITED', message: 'x' }, { 'retry-after': '7' });
      const limited = await read('maker', at);
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    }
    alter = () => json(500, { id: 'x', code: 'UNEXPECTED_ERROR', message: 'x' });
    expect((await read('maker', `${path}/${randomUUID()}`)).status).toBe(503);
  });

  it.each(['a.b', 'a..', 'a%2Fb', '%20'])('rejects the id %s', async (id) => {
    const before = reads().length;
    expect(await read('maker', `${path}/${id}`)).toMatchObject({ status: 400, json: { code: 'INVALID_DATA' } });
    expect(reads()).toHaveLength(before);
  });
});

describe('property values of a connector instance', () => {
  const properties = {
    plain: 'a',
    port: { type: 'number', displayName: 'Port', value: 25 },
    none: { value: null },
    openId: { properties: { clientId: { type: 'string', value: 'b' }, list: { value: [{ token: 'c' }] } } },
    odd: { type: 'string', further: { deep: 'd' } },
  };
  const hidden = {
    plain: '******',
    port: { type: 'number', displayName: 'Port', value: '******' },
    none: { value: null },
    openId: { properties: { clientId: { type: 'string', value: '******' }, list: { value: '******' } } },
    odd: { type: 'string', further: '******' },
  };
  const path = collectionOf(createConnectorInstance);

  it('are masked unless the grant says secrets, by id and in the list', async () => {
    const { id } = await make(createConnectorInstance, { properties });
    const seen = async (client: string) => {
      const [rows = []]: { id: string; properties: object }[][] = Object.values(
        (await read(client, path)).json._embedded,
      );
      const [one, listed] = [(await read(client, `${path}/${id}`)).json, rows.find((row) => row.id === id)];
      expect(listed).toEqual(one);
      return one.properties;
    };
    expect(await seen('maker')).toEqual(hidden);
    expect(await seen('auditor')).toEqual(properties);
  });
});
