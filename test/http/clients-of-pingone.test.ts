import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { json, type Reply } from '../../infra/local/loopback/reply.ts';
import type { Intercept } from '../../infra/local/sandbox/creation.ts';
import type { ListFault } from '../../infra/local/sandbox/list-faults.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call } from '../harness/front-door.ts';

const failure = json(500, { id: randomUUID(), code: 'UNEXPECTED_ERROR', message: 'Failed.' });

let gateway: Gateway;
/** What PingOne answers a create with, in place of its own answer. */
let answers: () => Promise<Reply | undefined> = async () => undefined;
let listFault: ListFault | undefined;

beforeAll(async () => {
  const intercept: Intercept = (moment) => (moment === 'before' ? answers() : Promise.resolve(undefined));
  gateway = await startGateway({
    port: 0,
    awsPort: 0,
    onLog: () => {},
    cors: ['https://portal.example.com'],
    sandbox: { intercept, faults: { list: () => listFault } },
  });
});
afterAll(() => gateway.close());

const fresh = ({ example }: Endpoint) => ({ ...example.body, name: randomUUID() });

/** Answers to a create and to the same create while PingOne works on the first. */
const overlapping = async (endpoint: Endpoint, headers: Readonly<Record<string, string>>) => {
  const body = fresh(endpoint);
  let second: ReturnType<typeof call> | undefined;
  answers = async () => {
    second ??= call(gateway, endpoint, { body, headers });
    await second;
    return undefined;
  };
  await call(gateway, endpoint, { body, headers });
  answers = async () => undefined;
  if (!second) throw new Error('PingOne got no create');
  return second;
};

/** The answer to a create whose own answer is lost while PingOne's list can't be read. */
const lost = async (endpoint: Endpoint, headers: Readonly<Record<string, string>>) => {
  answers = async () => failure;
  listFault = { kind: 'listFails', answer: 500 };
  const answer = await call(gateway, endpoint, { body: fresh(endpoint), headers });
  answers = async () => undefined;
  listFault = undefined;
  return answer;
};

describe.each(endpoints)('errors of $name', (endpoint) => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/json, application/problem+json;q=0.9', 'application/problem+json'],
    ['Application/Problem+JSON', 'application/problem+json'],
    ['application/problem+jsonx', 'application/json'],
  ])('are for Accept: %s of the type %s, with one body', async (accept, type) => {
    const { headers, json } = await call(gateway, endpoint, { body: {}, headers: { accept } });
    expect(headers.get('content-type')).toBe(type);
    expect(json).toMatchObject({ id: expect.any(String), code: 'INVALID_DATA', title: expect.any(String) });
  });

  it('tell a caller without a key 429 and 503, which clients of PingOne retry, both with Retry-After', async () => {
    const busy = await overlapping(endpoint, {});
    expect(busy).toMatchObject({ status: 429, json: { status: 429, code: 'NAME_BUSY' } });
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    const unknown = await lost(endpoint, {});
    expect(unknown).toMatchObject({ status: 503, json: { status: 503, code: 'OUTCOME_UNKNOWN' } });
    expect(Number(unknown.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('tell a caller with a key 409 and 504', async () => {
    expect(await overlapping(endpoint, { 'idempotency-key': randomUUID() })).toMatchObject({
      status: 409,
      json: { code: 'REQUEST_IN_PROGRESS' },
    });
    expect(await lost(endpoint, { 'idempotency-key': randomUUID() })).toMatchObject({
      status: 504,
      json: { code: 'OUTCOME_UNKNOWN' },
    });
  });
});

describe('a connector instance that was read back', () => {
  const readBack = {
    ...createConnectorInstance.example.resource,
    metadata: { type: 'core' },
    customerId: 'x',
  };

  it('is created without the read-only members, which a header names', async () => {
    const body = { ...readBack, name: randomUUID() };
    const { status, headers } = await call(gateway, createConnectorInstance, { body });
    expect(status).toBe(201);
    expect(headers.get('provisioner-warning')).toBe(
      'read-only members were left out: id, _links, environment, createdAt, updatedAt, metadata, customerId',
    );
    const { name, connector } = body;
    const sent = gateway.sandbox.requests.findLast(({ method }) => method === 'POST')?.body ?? '';
    expect(JSON.parse(sent)).toEqual({ connector, name });
  });

  it('is the same request as its own body without them', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { id: _, ...rest } = { ...readBack, name: randomUUID() };
    const first = await call(gateway, createConnectorInstance, { body: { ...rest, id: 'one' }, headers });
    const second = await call(gateway, createConnectorInstance, { body: rest, headers });
    expect([first.json.id, second.headers.get('provisioner-outcome')]).toEqual([second.json.id, 'replayed']);
  });

  it('has no warning without them, and other members stay refused', async () => {
    const plain = await call(gateway, createConnectorInstance, { body: fresh(createConnectorInstance) });
    expect(plain.headers.get('provisioner-warning')).toBeNull();
    const body = { ...readBack, etag: 1 };
    const { json } = await call(gateway, createConnectorInstance, { body });
    expect(json.details).toMatchObject([{ code: 'INVALID_PARAMETER', pointer: '/etag' }]);
  });

  it('is refused with a mask in place of its secret', async () => {
    const properties = { openId: { properties: { clientSecret: { value: '******' } } } };
    const { status, json } = await call(gateway, createConnectorInstance, { body: { ...readBack, properties } });
    expect(status).toBe(400);
    expect(json.details).toMatchObject([
      { code: 'INVALID_VALUE', pointer: '/properties/openId/properties/clientSecret/value' },
    ]);
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string, apiPath = gateway.apiPath) =>
    fetch(`${apiPath}/environments`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('may call the API with npm start -- --cors, and no page of a third origin may', async () => {
    const allowed = await preflight('https://portal.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://portal.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect((await preflight('https://portal.example.com', gateway.iam.apiPath)).status).toBe(204);
    const other = await preflight('https://evil.example.com');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read the answer and its headers, errors included', async () => {
    const headers = { origin: 'https://portal.example.com' };
    const answer = await call(gateway, createConnectorInstance, { body: {}, headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe(headers.origin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
  });
});
