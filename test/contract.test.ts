import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { json, type Reply } from '../infra/local/loopback/reply.ts';
import type { Intercept } from '../infra/local/sandbox/creation.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { violationsIn } from '../lib/validation/violations.ts';
import { call, collectionOf } from './harness/front-door.ts';
import { nestedObjects } from './harness/hostile-input.ts';

let gateway: Gateway;
/** PingOne's replaced answer, used once. */
let instead: Reply | undefined;

beforeAll(async () => {
  const intercept: Intercept = async () => {
    const answer = instead;
    instead = undefined;
    return answer;
  };
  gateway = await startGateway({ port: 0, awsPort: 0, sandbox: { intercept } });
});

afterAll(() => gateway.close());

const lastCreate = () => {
  const request = gateway.sandbox.requests.findLast(
    ({ method, path }) => method === 'POST' && !path.endsWith('/token'),
  );
  if (!request) throw new Error('PingOne got no create');
  return request;
};

/** Each test creates a new resource. */
const named = (body: Record<string, unknown>, name: string) => ({ ...body, name });

describe.each(endpoints)('$name', (endpoint) => {
  const { example } = endpoint;
  const requiredMembers = Object.keys(example.body).filter((member) => {
    const { [member]: _, ...rest } = example.body;
    return violationsIn(endpoint.body, rest).length > 0;
  });

  it("answers the example with PingOne's own 201", async () => {
    const { status, headers, json, text } = await call(gateway, endpoint);
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('provisioner-outcome')).toBe('created');
    expect(headers.get('correlation-id')).toMatch(/^[\da-f-]{36}$/);
    expect(Object.keys(json)).toEqual(Object.keys(example.resource));
    expect(json).toMatchObject(example.body);
    const stored = gateway.sandbox.resources(collectionOf(endpoint)).find(({ id }) => id === json.id);
    expect(text).toBe(JSON.stringify(stored));
    expect(json._links.self.href).toBe(`${gateway.sandbox.apiBase}${collectionOf(endpoint)}/${json.id}`);
  });

  it('sends PingOne the parsed value, serialized anew', async () => {
    const body = JSON.stringify(named(example.body, 'Written anew'));
    const { status } = await call(gateway, endpoint, { body: ` ${body.replace('{', '{ "name": "first",')} ` });
    expect(status).toBe(201);
    expect(JSON.parse(lastCreate().body)).toEqual(named(example.body, 'Written anew'));
    expect(lastCreate().body).not.toContain('first');
  });

  /** Invokes the HTTP function with a body as API Gateway does: as text, or in base64. */
  const invoke = async (body: string, isBase64Encoded: boolean) => {
    const authorizer = { jwt: { claims: { iss: gateway.issuer.url, client_id: 'local' } } };
    const event = {
      headers: { 'content-type': 'application/json' },
      requestContext: { authorizer },
      pathParameters: example.parameters,
      body,
      isBase64Encoded,
    };
    const result = Object(await gateway.functions.http.get(endpoint.name)?.invoke(event));
    return { status: result.statusCode, json: JSON.parse(result.body) };
  };
  const base64 = (body: string | number[]) => Buffer.from(body).toString('base64');

  it('accepts a body in UTF-8, as text or in base64', async () => {
    const body = JSON.stringify(named(example.body, 'Größe'));
    expect(await invoke(body, false)).toMatchObject({ status: 201, json: { name: 'Größe' } });
    expect(await invoke(base64(body), true)).toMatchObject({ status: 201, json: { name: 'Größe' } });
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    const bytes = await call(gateway, endpoint, { body: new TextEncoder().encode(body), headers });
    expect(bytes).toMatchObject({ status: 201, json: { name: 'Größe' } });
  });

  it('rejects a body in another encoding, in which API Gateway leaves replacement characters', async () => {
    const refused = { status: 400, json: { code: 'INVALID_REQUEST', detail: expect.stringContaining('UTF-8') } };
    const latin = Buffer.from(JSON.stringify(named(example.body, 'Größe')), 'latin1');
    expect(await call(gateway, endpoint, { body: new Uint8Array(latin) })).toMatchObject(refused);
    expect(await invoke(latin.toString('base64'), true)).toMatchObject(refused);
    const escaped = JSON.stringify(named(example.body, 'x\uFFFD')).replace('\uFFFD', '\\ufffd');
    expect(await call(gateway, endpoint, { body: escaped })).toMatchObject({ status: 201, json: { name: 'x\uFFFD' } });
  });

  it('ignores a byte order mark', async () => {
    const body = `\uFEFF${JSON.stringify(named(example.body, 'Marked'))}`;
    expect(await call(gateway, endpoint, { body })).toMatchObject({ status: 201, json: { name: 'Marked' } });
    expect(await invoke(body, false)).toMatchObject({ status: 201, json: { name: 'Marked' } });
    expect(await invoke(base64(body), true)).toMatchObject({ status: 201, json: { name: 'Marked' } });
    expect(await invoke(base64(`\uFEFF${body}`), true)).toMatchObject({ status: 400 });
    expect(await call(gateway, endpoint, { body: `\uFEFF${body}` })).toMatchObject({ status: 400 });
  });

  it('lower-cases the ids in its path', async () => {
    const parameters = Object.fromEntries(Object.entries(example.parameters).map(([k, v]) => [k, v.toUpperCase()]));
    const { status } = await call(gateway, endpoint, { parameters, body: named(example.body, 'Upper case') });
    expect(status).toBe(201);
    expect(lastCreate().path).toBe(`/v1${collectionOf(endpoint)}`);
  });

  it('names an invalid id in the path', async () => {
    for (const name of Object.keys(example.parameters)) {
      const { status, json } = await call(gateway, endpoint, { parameters: { [name]: 'a b%2Fc' } });
      expect(status).toBe(400);
      expect(json.details).toEqual([{ code: 'INVALID_VALUE', target: name, message: `${name} must be a UUID` }]);
    }
  });

  it.each(requiredMembers)('names the required member %s if it is missing', async (member) => {
    const { [member]: _, ...body } = example.body;
    const { status, headers, json } = await call(gateway, endpoint, { body });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/json');
    expect(json).toMatchObject({
      code: 'INVALID_DATA',
      status: 400,
      type: `${gateway.url}/guides/lib/http/ERRORS.md#INVALID_DATA`,
    });
    const [{ message: first = '' } = {}, ...others] = json.details;
    expect(json.message).toBe(others.length === 0 ? first : `${first} (and ${others.length} more; see details)`);
    expect(json.detail).toBe(json.message);
    expect(json.details).toMatchObject([{ code: 'REQUIRED_VALUE', target: member, pointer: `/${member}` }]);
  });

  it('rejects an unknown member with the likely name', async () => {
    const [member = ''] = requiredMembers;
    const { [member]: value, ...rest } = example.body;
    const { status, json } = await call(gateway, endpoint, { body: { ...rest, [`${member}x`]: value } });
    expect(status).toBe(400);
    expect(json.details).toMatchObject([
      { code: 'REQUIRED_VALUE', pointer: `/${member}` },
      {
        code: 'INVALID_PARAMETER',
        pointer: `/${member}x`,
        message: expect.stringContaining(`did you mean ${member}?`),
      },
    ]);
  });

  it.each(['[]', '"text"', 'null', '1', 'true'])('rejects a body that is not an object: %s', async (body) => {
    const { status, json } = await call(gateway, endpoint, { body });
    expect(status).toBe(400);
    expect(json.details).toMatchObject([{ code: 'INVALID_VALUE', target: '', pointer: '' }]);
  });

  it('names the position of a JSON syntax error', async () => {
    const { status, json } = await call(gateway, endpoint, { body: '{\n "name": }' });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(json.details[0].message).toContain('line 2, column 10');
    expect([json.message, json.detail]).toEqual([json.details[0].message, json.details[0].message]);
  });

  it('names a number that a double would change, and rejects deep nesting', async () => {
    const wide = JSON.stringify({ ...example.body, wide: 0 }).replace('"wide":0', '"wide":12345678901234567890');
    expect((await call(gateway, endpoint, { body: wide })).json).toMatchObject({
      status: 400,
      details: [{ pointer: '/wide' }],
    });
    const deep = nestedObjects(10_000);
    expect((await call(gateway, endpoint, { body: deep })).json).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    });
  });

  it.each([
    ['text/plain', undefined],
    ['application/x-www-form-urlencoded', undefined],
    ['application/json; charset=iso-8859-1', undefined],
    ['application/jsonx', undefined],
    ['application/json', 'gzip'],
    ['application/json', 'identity, gzip'],
    ['', undefined],
  ])('answers 415 to a content type of "%s" and an encoding of %s', async (type, encoding) => {
    const { status, json } = await call(gateway, endpoint, {
      headers: { 'content-type': type, 'content-encoding': encoding },
    });
    expect(status).toBe(415);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST', status: 415, detail: expect.any(String) });
  });

  it.each(['Identity', 'IDENTITY', ' ', 'identity, Identity'])(
    'accepts the content encoding "%s", which encodes nothing',
    async (encoding) => {
      const headers = { 'content-encoding': encoding };
      const { status } = await call(gateway, endpoint, { body: named(example.body, `Encoded ${encoding}`), headers });
      expect(status).toBe(201);
    },
  );

  it('answers 413 past 1 MB', async () => {
    const { status, json } = await call(gateway, endpoint, { body: named(example.body, 'x'.repeat(1_048_576)) });
    expect(status).toBe(413);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST', status: 413 });
  });

  it("forwards the caller's correlation ids, cleaned", async () => {
    const headers = {
      'X-Ping-External-Transaction-ID': `order #1 <${'x'.repeat(200)}`,
      'X-Ping-External-Session-ID': 'session/@=+._-é',
    };
    await call(gateway, endpoint, { headers, body: named(example.body, 'Correlated') });
    const transaction = lastCreate().headers['x-ping-external-transaction-id'];
    expect(transaction).toBe(`order_#1__${'x'.repeat(90)}`);
    expect(lastCreate().headers['x-ping-external-session-id']).toBe('session/@=+._-_');
  });

  it("forwards the W3C trace id if the caller sends no id, else the request's id", async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await call(gateway, endpoint, { headers: { traceparent }, body: named(example.body, 'Traced') });
    expect(lastCreate().headers['x-ping-external-transaction-id']).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(lastCreate().headers).not.toHaveProperty('x-ping-external-session-id');
    await call(gateway, endpoint, { body: named(example.body, 'Untraced') });
    expect(lastCreate().headers['x-ping-external-transaction-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('answers 401 without a token of the issuer', async () => {
    for (const authorization of [undefined, 'Bearer nonsense', 'Basic eDp5']) {
      const { status, text } = await call(gateway, endpoint, { headers: { authorization } });
      expect(status).toBe(401);
      expect(text).toBe('{"message":"Unauthorized"}');
    }
  });

  it("passes PingOne's refusal on", async () => {
    const absent = '00000000-0000-4000-8000-000000000000';
    const { status, json, headers } = await call(gateway, endpoint, { parameters: { environmentID: absent } });
    expect(status).toBe(404);
    expect(json).toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
      type: `${gateway.url}/guides/lib/http/ERRORS.md#PINGONE_REFUSED`,
    });
    expect(json.message).not.toBe(json.detail);
    expect(headers.get('correlation-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it("passes on every readable member of PingOne's refusal", async () => {
    const details = [{ message: 'No code', target: null, innerError: null }, null, { code: 'INVALID_VALUE' }];
    instead = json(400, { id: 'the-id', code: 'INVALID_DATA', message: 'The words', details });
    const answer = await call(gateway, endpoint, { body: named(example.body, 'Refused') });
    expect(answer).toMatchObject({ status: 400, json: { id: 'the-id', code: 'INVALID_DATA', message: 'The words' } });
    expect(answer.json.details).toEqual([
      { code: 'INVALID_DATA', message: 'No code' },
      { code: 'INVALID_VALUE', message: 'The words' },
    ]);
  });
});

describe('the gateway', () => {
  it('answers an unmatched route as API Gateway does', async () => {
    for (const [method, path] of [
      ['GET', '/v2/environments'],
      ['OPTIONS', '/v1/environments'],
      ['POST', '/'],
    ]) {
      const response = await fetch(`${gateway.url}${path}`, { method });
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('{"message":"Not Found"}');
    }
  });

  it('reports every violation of a body at once, each with its target and pointer', async () => {
    const operation = endpoints.find(({ name }) => name === 'create-api-server-operation');
    if (!operation) throw new Error('there is no such endpoint');
    const body = {
      methods: ['GET', 'GET'],
      paths: [{ type: 'EXCAT', pattern: '/a//b' }],
      accessControl: { group: { groups: [] } },
      nmae: 'x',
    };
    const { status, json } = await call(gateway, operation, { body });
    expect(status).toBe(400);
    expect(json.details.map(({ target, pointer, code }: Record<string, string>) => [target, pointer, code])).toEqual([
      ['name', '/name', 'REQUIRED_VALUE'],
      ['paths[0].type', '/paths/0/type', 'INVALID_VALUE'],
      ['paths[0].pattern', '/paths/0/pattern', 'INVALID_VALUE'],
      ['methods[1]', '/methods/1', 'UNIQUENESS_VIOLATION'],
      ['accessControl.group.groups', '/accessControl/group/groups', 'EMPTY_VALUE'],
      ['nmae', '/nmae', 'INVALID_PARAMETER'],
    ]);
    expect(json.details[1].message).toContain('did you mean EXACT?');
  });
});

describe('a deployment that forwards unknown members', () => {
  it('sends unknown members, and still checks the others', async () => {
    await using stack = new AsyncDisposableStack();
    const forwarding = stack.adopt(
      await startGateway({ port: 0, awsPort: 0, environment: { UNKNOWN_MEMBERS: 'forward' } }),
      ({ close }) => close(),
    );
    for (const endpoint of endpoints) {
      const body = { ...endpoint.example.body, futureMember: { of: 'PingOne' } };
      expect((await call(forwarding, endpoint, { body })).status).toBe(201);
      expect(forwarding.sandbox.requests.at(-1)?.body).toContain('"futureMember":{"of":"PingOne"}');
      const { name: _, ...nameless }: Record<string, unknown> = body;
      expect((await call(forwarding, endpoint, { body: nameless })).json.details).toMatchObject([{ target: 'name' }]);
    }
  });
});
