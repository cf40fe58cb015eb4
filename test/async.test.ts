import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { violationsIn } from '../lib/validation/violations.ts';
import { call, collectionOf } from './harness/front-door.ts';

let gateway: Gateway;
const told: { type: string; detail: Record<string, unknown> }[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    port: 0,
    awsPort: 0,
    onOutcome: (event) => void told.push({ type: event['detail-type'], detail: Object(event.detail) }),
  });
});

afterAll(() => gateway.close());

const prefer = { prefer: 'respond-async, wait=10' };

const get = async (path: string, authorization = `Bearer ${gateway.accessToken}`) => {
  const response = await fetch(gateway.url + path, { headers: { authorization } });
  return { status: response.status, headers: response.headers, json: Object(await response.json()) };
};

const until = async <Value>(look: () => Promise<Value> | Value, isDone: (value: Value) => boolean): Promise<Value> => {
  for (let tries = 0; tries < 200; tries++) {
    const value = await look();
    if (isDone(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('still not so after five seconds');
};

describe.each(endpoints)('$name with Prefer: respond-async', (endpoint) => {
  it('answers 202 with the URL of the status, which later has the resource', async () => {
    const accepted = await call(gateway, endpoint, { headers: { ...prefer, 'idempotency-key': 'later' } });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('preference-applied')).toBe('respond-async');
    const location = accepted.headers.get('location') ?? '';
    expect(location).toMatch(/^\/v1\/requests\/[\da-f]{64}$/);
    expect(accepted.json).toMatchObject({ id: location.slice(13), state: 'accepted', endpoint: endpoint.name });

    const { json } = await until(
      () => get(location),
      ({ json: { state } }) => state === 'created',
    );
    const [made] = gateway.sandbox.resources(collectionOf(endpoint));
    expect(json.resource).toEqual({ id: made?.id, path: `${collectionOf(endpoint)}/${made?.id}` });
    const { detail } = (await until(
      () => told.find((outcome) => outcome.detail.requestID === json.id),
      (outcome) => outcome !== undefined,
    )) ?? { detail: {} };
    expect(detail).toMatchObject({ how: 'created', resource: { id: made?.id } });

    const replayed = await call(gateway, endpoint, { headers: { 'idempotency-key': 'later' } });
    expect(replayed.headers.get('provisioner-outcome')).toBe('replayed');
    expect(replayed.json.id).toBe(made?.id);
  });

  it('has a status without respond-async, too', async () => {
    const { headers, json } = await call(gateway, endpoint, { body: { ...endpoint.example.body, name: 'Waited' } });
    const status = await get(`/v1/requests/${headers.get('provisioner-request')}`);
    expect(status.json).toMatchObject({ state: 'created', resource: { id: json.id } });
  });

  it('accepts characters that SQS refuses', async () => {
    const name = 'Odd \uFFFE \uFFFF \u0000 \u001F \u007F \uFFFD \uD800 \uDC00 \u{1FFFF} end';
    // Unchanged, except lone surrogates, which UTF-8 lacks.
    const body = JSON.stringify({ ...endpoint.example.body, name }).replaceAll('\uFFFD', '\\ufffd');
    const accepted = await call(gateway, endpoint, { headers: prefer, body });
    expect(accepted.status).toBe(202);
    const { json } = await until(
      () => get(accepted.headers.get('location') ?? ''),
      ({ json: { state } }) => state !== 'accepted' && state !== 'sending',
    );
    expect(json).toMatchObject({ state: 'created' });
    const made = gateway.sandbox.resources(collectionOf(endpoint)).find(({ id }) => id === json.resource.id);
    expect(made?.name).toBe(name);
  });

  it('reports a later rejection in the status, by codes', async () => {
    const parameters = { environmentID: '00000000-0000-4000-8000-000000000000' };
    const accepted = await call(gateway, endpoint, { headers: prefer, parameters });
    expect(accepted.status).toBe(202);
    const { json } = await until(
      () => get(accepted.headers.get('location') ?? ''),
      ({ json: { state } }) => state === 'rejected',
    );
    expect(json.problem).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      type: `${gateway.url}/guides/lib/http/ERRORS.md#PINGONE_REFUSED`,
    });
  });

  it('rejects an invalid body at once', async () => {
    const { status, json } = await call(gateway, endpoint, { headers: prefer, body: {} });
    expect([status, json.code]).toEqual([400, 'INVALID_DATA']);
  });

  it('accepts a retry with the same key, and rejects another body', async () => {
    const headers = { ...prefer, 'idempotency-key': 'again' };
    const body = { ...endpoint.example.body, name: 'Again' };
    const first = await call(gateway, endpoint, { headers, body });
    const second = await call(gateway, endpoint, { headers, body });
    expect(second).toMatchObject({ status: 202 });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await call(gateway, endpoint, { headers })).toMatchObject({ status: 422, json: { code: 'KEY_REUSED' } });
    await until(
      () => get(first.headers.get('location') ?? ''),
      ({ json: { state } }) => state === 'created',
    );
    expect(gateway.sandbox.resources(collectionOf(endpoint)).filter(({ name }) => name === 'Again')).toHaveLength(1);
  });
});

/** Bodies just below the limit of HTTP, or that grow when escaped, of endpoints that accept them. */
const large = endpoints
  .flatMap((endpoint) =>
    ['x'.repeat(1_048_400), '\uFFFF'.repeat(200_000)].map((value, index) => ({
      endpoint,
      body: { ...endpoint.example.body, name: `Large ${index}`, properties: { a: { value } } },
    })),
  )
  .filter(({ endpoint, body }) => violationsIn(endpoint.body, body).length === 0);

it.each(large)(
  '$endpoint.name rejects a body that is too large for the queue, and accepts it without respond-async',
  async ({ endpoint, body }) => {
    expect(await call(gateway, endpoint, { headers: prefer, body })).toMatchObject({ status: 413 });
    expect(await call(gateway, endpoint, { body })).toMatchObject({ status: 201 });
  },
);

describe('GET /v1/requests/{id}', () => {
  it('answers 404 to every other caller', async () => {
    const [endpoint] = endpoints;
    if (!endpoint) throw new Error('there is no endpoint');
    const { headers } = await call(gateway, endpoint, { body: { ...endpoint.example.body, name: 'Private' } });
    const path = `/v1/requests/${headers.get('provisioner-request')}`;
    const other = await gateway.issuer.token({ clientId: 'another', scope: 'provision' });
    expect(await get(path, `Bearer ${other}`)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    const denied = await call(gateway, endpoint, { headers: { authorization: `Bearer ${other}` } });
    expect(denied).toMatchObject({ status: 403, json: { code: 'ACCESS_FAILED' } });
    expect(await get(path, 'Bearer nonsense')).toMatchObject({ status: 401 });
    expect(await get(path)).toMatchObject({ status: 200 });
  });

  it('answers 404 for an unknown request', async () => {
    expect(await get('/v1/requests/nothing')).toMatchObject({
      status: 404,
      json: { detail: expect.stringContaining('nothing') },
    });
  });
});
