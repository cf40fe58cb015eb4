import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { defineEndpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { fillPath } from '../../../lib/endpoints/path.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import { callerOf } from '../../harness/sandbox-client.ts';

const environmentID = '11111111-2222-4333-8444-555555555555';
const things = `/environments/${environmentID}/things`;

/** An endpoint outside the registry: the sandbox must not depend on registered endpoints. */
const createThing = defineEndpoint({
  name: 'create-thing',
  summary: 'Create a thing',
  path: '/environments/{environmentID}/things',
  schemas: () => ({
    parameters: z.strictObject({ environmentID: z.guid() }),
    body: z.strictObject({
      name: z.string().check(z.maxLength(10)),
      colour: z.nullish(z.string()),
      parts: z.optional(z.array(z.union([z.strictObject({ id: z.string() }), z.strictObject({ no: z.number() })]))),
      properties: z.nullish(z.record(z.string(), z.unknown())),
    }),
    resource: z.looseObject({ id: z.string() }),
  }),
  event: 'ThingRequested',
  needs: { permissions: { create: 'things:create:thing', list: 'things:read:thing' }, service: 'Things' },
  quota: 3,
  identity: ['name'],
  sets: [],
  grants: { environments: 'parameters.environmentID', names: 'body.name' },
  example: {
    parameters: { environmentID },
    body: { name: 'one', colour: 'red' },
    resource: {
      _links: {
        self: { href: `https://api.pingone.com/v1${things}/0123456789abcdef0123456789abcdef` },
        environment: { href: `https://api.pingone.com/v1/environments/${environmentID}` },
      },
      colour: 'red',
      id: '0123456789abcdef0123456789abcdef',
      name: 'one',
      createdAt: '2024-04-19T22:27:51.226Z',
    },
  },
});

let sandbox: Sandbox;

const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await startSandbox({ endpoints: [createThing], ...options });
  return callerOf(sandbox);
};

afterEach(() => sandbox.close());

const refusal = (code: string) => ({
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  code,
  message: expect.stringMatching(/\w/),
});

describe.each(endpoints)('the sandbox for $name', ({ path, example }) => {
  const collection = fillPath(path, example.parameters);

  it("answers the documentation's example, except addresses, id and times", async () => {
    const now = new Date('2030-01-02T03:04:05.678Z');
    const call = await start({ endpoints, clock: { ...systemClock, now: () => now.getTime() } });
    const created = await call('POST', collection, example.body);
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(id).not.toBe(example.resource.id);
    expect(String(id).replace(/[0-9a-f]/g, 'x')).toBe(example.resource.id.replace(/[0-9a-f]/g, 'x'));
    const expected = JSON.stringify(example.resource)
      .replaceAll('https://api.pingone.com/v1', sandbox.apiBase)
      .replaceAll(example.resource.id, id)
      .replace(/"(createdAt|updatedAt)":"[^"]*"/g, `"$1":"${now.toISOString()}"`);
    expect(created.text).toBe(expected);
  });

  it('lists, reads and deletes a created resource', async () => {
    const call = await start({ endpoints });
    const { body: first } = await call('POST', collection, example.body);
    const { body: second } = await call('POST', collection, example.body);
    expect(await call('GET', collection)).toMatchObject({
      status: 200,
      body: {
        _links: { self: { href: `${sandbox.apiBase}${collection}` } },
        _embedded: { [String(path.split('/').at(-1))]: [first, second] },
        count: 2,
        size: 2,
      },
    });
    expect(sandbox.resources(collection)).toEqual([first, second]);
    expect(await call('GET', `${collection}/${first.id}`)).toMatchObject({ status: 200, body: first });
    expect(await call('DELETE', `${collection}/${first.id}`)).toMatchObject({ status: 204, text: '' });
    expect(await call('GET', `${collection}/${first.id}`)).toMatchObject({ status: 404, body: refusal('NOT_FOUND') });
    expect(sandbox.resources(collection)).toEqual([second]);
  });
});

describe('a resource in the sandbox', () => {
  it("has its request's members, in the order of the example and then the others", async () => {
    const call = await start();
    const { text } = await call('POST', things, { extra: { a: [1, null] }, name: 'two', id: 'mine', properties: {} });
    expect(Object.keys(JSON.parse(text))).toEqual(['_links', 'id', 'name', 'createdAt', 'extra']);
    expect(JSON.parse(text)).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'two',
      extra: { a: [1, null] },
    });
  });

  it('has no member that was sent as null', async () => {
    const call = await start();
    const { body } = await call('POST', things, { name: 'two', colour: null, extra: { none: null, some: 1 } });
    expect(body).not.toHaveProperty('colour');
    expect(body.extra).toEqual({ some: 1 });
  });

  it('masks secrets at any depth, and no other value', async () => {
    const call = await start();
    const properties = {
      clientId: { value: 'visible' },
      clientSecret: { type: 'string', value: 'hidden' },
      port: { value: 25, secure: true },
      nested: { properties: { userPassword: { value: 'hidden' }, list: [{ secure: true, value: 'hidden' }] } },
      empty: null,
    };
    const { body } = await call('POST', things, { name: 'two', properties });
    expect(body.properties).toEqual({
      clientId: { value: 'visible' },
      clientSecret: { type: 'string', value: '******' },
      port: { value: '******', secure: true },
      nested: { properties: { userPassword: { value: '******' }, list: [{ secure: true, value: '******' }] } },
      empty: null,
    });
    expect((await call('GET', `${things}/${body.id}`)).body).toEqual(body);
  });

  it('keeps a member named __proto__ as data', async () => {
    const call = await start();
    const { status, text } = await call('POST', things, '{"name":"two","properties":{"__proto__":{"value":1}}}');
    expect(status).toBe(201);
    expect(text).toContain('"properties":{"__proto__":{"value":1}}');
  });
});

describe("the sandbox rejects, with PingOne's errors,", () => {
  it('requests without a valid token', async () => {
    const call = await start();
    sandbox.application.revokeTokens();
    const refused = await call('GET', things);
    expect(refused).toMatchObject({ status: 401, body: refusal('ACCESS_FAILED') });
    expect(refused.body.details).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect((await fetch(`${sandbox.apiBase}${things}`)).status).toBe(401);
  });

  it.each([
    '/environments/11111111-2222-4333-8444-000000000000/things',
    `${things}/unknown`,
    `${things}/`,
    `/environments/${environmentID}/others`,
    '/',
  ])('unknown paths: %s', async (path) => {
    const call = await start();
    const refused = await call('GET', path);
    expect(refused).toMatchObject({ status: 404, body: refusal('NOT_FOUND') });
    expect(refused.headers.get('correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('other content types', async () => {
    const call = await start();
    const refused = await call('POST', things, '{"name":"two"}', 'text/plain');
    expect(refused).toMatchObject({ status: 415, body: refusal('INVALID_REQUEST') });
  });

  it.each(['{', '', '[]', 'null', '"text"'])('the body %j', async (body) => {
    const call = await start();
    expect(await call('POST', things, body)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') });
  });

  it('members that break a rule, all at once', async () => {
    const call = await start();
    const refused = await call('POST', things, { colour: 5, parts: [{ id: 'a' }, { id: 7 }], properties: [] });
    expect(refused).toMatchObject({ status: 400, body: refusal('INVALID_DATA') });
    expect(refused.body.details).toEqual([
      expect.objectContaining({ code: 'REQUIRED_VALUE', target: 'name' }),
      expect.objectContaining({ code: 'INVALID_VALUE', target: 'colour' }),
      expect.objectContaining({ code: 'INVALID_VALUE', target: 'parts[1]' }),
      expect.objectContaining({ code: 'INVALID_VALUE', target: 'properties' }),
    ]);
    const long = await call('POST', things, { name: 'longer than ten' });
    expect(long.body.details).toMatchObject([
      { code: 'SIZE_LIMIT_EXCEEDED', target: 'name', innerError: { maximumValue: 10 } },
    ]);
  });

  it('no unknown members at any level', async () => {
    const call = await start();
    const body = { name: 'two', unknown: 1, parts: [{ id: 'a', unknown: 2 }] };
    expect(await call('POST', things, body)).toMatchObject({
      status: 201,
      body: { unknown: 1, parts: [{ id: 'a', unknown: 2 }] },
    });
    // Known members are still checked.
    expect(await call('POST', things, { unknown: 1, name: 'longer than ten' })).toMatchObject({ status: 400 });
  });

  it('more resources than the quota, but no repeated names', async () => {
    const call = await start();
    const statuses = [];
    for (let number = 0; number < 3; number++) statuses.push((await call('POST', things, { name: 'same' })).status);
    expect(statuses).toEqual([201, 201, 201]);
    const refused = await call('POST', things, { name: 'same' });
    expect(refused).toMatchObject({ status: 400, body: refusal('INVALID_DATA') });
    expect(refused.body.details).toMatchObject([{ code: 'SIZE_LIMIT_EXCEEDED', innerError: { quotaLimit: 3 } }]);
  });
});

describe('the sandbox with unique names', () => {
  it('rejects an existing name, and accepts it again after its deletion', async () => {
    const call = await start({ uniqueNames: true });
    const { body: first } = await call('POST', things, { name: 'one' });
    expect((await call('POST', things, { name: 'two' })).status).toBe(201);
    const refused = await call('POST', things, { name: 'one', colour: 'red' });
    expect(refused).toMatchObject({ status: 400, body: refusal('INVALID_DATA') });
    expect(refused.body.details).toMatchObject([{ code: 'UNIQUENESS_VIOLATION', target: 'name' }]);
    await call('DELETE', `${things}/${first.id}`);
    expect((await call('POST', things, { name: 'one' })).status).toBe(201);
  });
});

describe('for tests, the sandbox', () => {
  it('records each request', async () => {
    const call = await start();
    await call('POST', `${things}?a=b`, { name: 'two' });
    expect(sandbox.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: `/v1${things}?a=b`,
      headers: { 'content-type': 'application/json', authorization: expect.stringMatching(/^Bearer /) },
      body: '{"name":"two"}',
    });
  });

  it('can fail before a resource is stored, and after', async () => {
    const call = await start({
      intercept: async (moment, { arrival }) => {
        const { name } = JSON.parse(arrival.body.toString());
        return name === moment ? { status: 500 } : undefined;
      },
    });
    expect((await call('POST', things, { name: 'before' })).status).toBe(500);
    expect(sandbox.resources(things)).toEqual([]);
    expect((await call('POST', things, { name: 'after' })).status).toBe(500);
    expect(sandbox.resources(things)).toMatchObject([{ name: 'after' }]);
  });

  it('can reset the connection of a create that took effect', async () => {
    const call = await start({ intercept: async (moment) => (moment === 'after' ? 'reset' : undefined) });
    await expect(call('POST', things, { name: 'lost' })).rejects.toThrow();
    expect(sandbox.resources(things)).toMatchObject([{ name: 'lost' }]);
  });
});
