import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scope } from '../../infra/local/api-gateway/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { secretName } from '../../infra/local/lambda/environment.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import type { Outgoing } from '../../infra/local/loopback/outgoing.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { elsewhere, environment, instanceGrant } from '../grants/fixtures.ts';
import { collectionOf } from '../harness/front-door.ts';

/** A free port: the grants name the issuer before it starts. */
const probe = await listen(0);
const { port, url } = probe;
await probe.close();
const issuer = `${url}/issuer`;
const callerWith = (name: string, change: object) => ({
  name,
  principals: [{ jwt: { issuer, client: name } }],
  grants: [{ ...instanceGrant(), production: true, ...change }],
});
const grants: GrantsDocument = {
  version: '1',
  callers: [
    callerWith('creator', { actions: ['create'], names: ['mine-*'] }),
    callerWith('reader', { actions: ['read'] }),
    callerWith('other', { environments: [elsewhere] }),
    callerWith('late', { expires: '2020-01-01T00:00:00Z' }),
    callerWith('tester', { production: false }),
  ],
};

let gateway: Gateway;
const lines: string[] = [];
/** Replaces PingOne's answers to reads. */
let alter: (outgoing: Outgoing) => Outgoing;
beforeAll(async () => {
  gateway = await startGateway({
    ...{ port, awsPort: 0, grants, onLog: (line: string) => lines.push(line) },
    sandbox: { alter: ({ method }, outgoing) => (method === 'GET' ? alter(outgoing) : outgoing) },
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  alter = (outgoing) => outgoing;
  lines.length = 0;
});

const read = async (client: string, path = `/environments/${environment}`) => {
  const token = await gateway.issuer.token({ clientId: client, scope });
  const response = await fetch(gateway.apiPath + path, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: Object(JSON.parse(text)) };
};

const asked = () => gateway.sandbox.requests.filter(({ path }) => path.startsWith('/v1/'));

describe('GET of an environment', () => {
  it.each(['creator', 'reader'])("answers the %s, who has a grant there, with PingOne's own body", async (client) => {
    const { status, headers, text, json: body } = await read(client);
    expect([status, body.id, body.type]).toEqual([200, environment, 'SANDBOX']);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('etag')).toBe(`"${createHash('sha256').update(text).digest('hex')}"`);
    const line = lines.map((each) => Object(JSON.parse(each))).find(({ message }) => message?.read)?.message.read;
    expect(line).toMatchObject({ environment, outcome: 'read', principal: `jwt:${issuer}:client:${client}` });
    expect(lines.join()).not.toContain('SANDBOX');
  });

  it('takes the id in any case', async () => {
    expect((await read('reader', `/environments/${environment.toUpperCase()}`)).status).toBe(200);
  });

  it.each([
    ['other', 'environment'],
    ['late', 'expired'],
    ['tester', 'production'],
    ['stranger', 'principal'],
  ])('is denied to %s by the dimension %s, and does not reach PingOne', async (client, dimension) => {
    const before = asked().length;
    const { status, json: problem } = await read(client);
    expect([status, problem.code, problem.details[0].innerError]).toEqual([403, 'ACCESS_FAILED', { dimension }]);
    expect(asked()).toHaveLength(before);
  });

  it("passes on PingOne's refusals", async () => {
    const words = 'The actor attempting to perform the request is not authorized.';
    alter = () => json(403, { id: 'x', code: 'ACCESS_FAILED', message: words });
    expect(await read('reader')).toMatchObject({ status: 403, json: { code: 'ACCESS_FAILED', message: words } });
    alter = () => json(404, { id: 'x', code: 'NOT_FOUND', message: 'x' });
    expect(await read('reader')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it('rejects what is no id', async () => {
    expect(await read('reader', '/environments/x')).toMatchObject({ status: 400, json: { code: 'INVALID_DATA' } });
  });
});

const nowhere = 'http://127.0.0.1:1';

it.each([
  ['cannot be reached', { apiBase: `${nowhere}/v1` }, 503, 'PINGONE_UNREACHABLE'],
  ['gives no token', { authBase: nowhere }, 503, 'PINGONE_UNREACHABLE'],
  ['has no usable credentials', { clientSecret: '' }, 502, 'PINGONE_ACCESS_FAILED'],
])('where PingOne %s, every read says so alike', async (_, change, status, code) => {
  const own = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
  own.aws.secretsManager.put(secretName, JSON.stringify({ ...own.sandbox.secret, ...change }));
  const headers = { authorization: `Bearer ${own.accessToken}` };
  for (const path of [
    `/environments/${environment}`,
    ...endpoints.flatMap((each) => [collectionOf(each), `${collectionOf(each)}/1`]),
  ]) {
    const response = await fetch(own.apiPath + path, { headers });
    expect([path, response.status, Object(await response.json()).code]).toEqual([path, status, code]);
  }
  await own.close();
});
