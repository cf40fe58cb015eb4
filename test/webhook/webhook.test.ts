import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call, collectionOf } from '../harness/front-door.ts';
import { nestedArrays } from '../harness/hostile-input.ts';
import { payloadOf, postWebhook, standardHeaders } from '../harness/signed-webhook.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0 });
});
afterAll(() => gateway.close());

const statusAt = async (location: string) => {
  const headers = { authorization: `Bearer ${gateway.accessToken}` };
  return Object(await (await fetch(new URL(location, gateway.url), { headers })).json());
};

/** The status of a request, once its queue function has served it. */
const settled = async (location: string | null) => {
  for (let tries = 0; tries < 200; tries++) {
    const status = await statusAt(location ?? '');
    if (['created', 'rejected'].includes(status.state)) return status;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the request is still open after five seconds');
};

describe.each(endpoints)('a signed webhook for $name', (endpoint) => {
  const named = (name: string) => payloadOf(endpoint, { body: { ...endpoint.example.body, name } });
  const made = (name: string) =>
    gateway.sandbox.resources(collectionOf(endpoint)).filter((resource) => resource.name === name);

  it('answers 202 with the URL of the status, which later has the resource', async () => {
    const { status, headers, json } = await postWebhook(gateway, named('By webhook'));
    expect([status, json.state, json.endpoint]).toEqual([202, 'accepted', endpoint.name]);
    expect(headers.get('location')).toBe(`/v1/requests/${json.id}`);
    expect((await settled(headers.get('location'))).resource.id).toBe(made('By webhook')[0]?.id);
  });

  it('makes one resource, however often and however much at once it arrives', async () => {
    const body = named('Repeated');
    const answers = await Promise.all(Array.from({ length: 8 }, () => postWebhook(gateway, body, { id: 'again' })));
    const locations = new Set(answers.map(({ headers }) => headers.get('location')));
    expect([answers.map(({ status }) => status), locations.size]).toEqual([Array(8).fill(202), 1]);
    const [location = null] = locations;
    await settled(location);
    expect((await postWebhook(gateway, body, { id: 'again' })).json.state).toBe('created');
    expect(made('Repeated')).toHaveLength(1);
  });

  it('shares the key of its detail with the other principals of its caller', async () => {
    const body = { ...endpoint.example.body, name: 'Shared key' };
    const first = await postWebhook(gateway, payloadOf(endpoint, { body, idempotencyKey: 'order-1' }));
    const { resource } = await settled(first.headers.get('location'));
    const { headers, json } = await call(gateway, endpoint, { body, headers: { 'idempotency-key': 'order-1' } });
    expect([headers.get('provisioner-outcome'), json.id]).toEqual(['replayed', resource.id]);
  });

  it('is refused with another body under the same id', async () => {
    await postWebhook(gateway, named('First'), { id: 'taken' });
    expect(await postWebhook(gateway, named('Second'), { id: 'taken' })).toMatchObject({
      status: 422,
      json: { code: 'KEY_REUSED' },
    });
  });

  it.each(['application/octet-stream', 'text/plain', 'application/json; charset=utf-8'])(
    'is verified by its bytes if its type is %s',
    async (type) => {
      const body = Buffer.from(named(`Grüße 🙂 as ${type}`));
      const { status, headers } = await postWebhook(gateway, body, {}, { 'content-type': type });
      expect(status).toBe(202);
      await settled(headers.get('location'));
      expect(made(`Grüße 🙂 as ${type}`)).toHaveLength(1);
    },
  );

  it('is refused with the same 401 whatever is wrong with its source, signature or time', async () => {
    const body = named('Forged');
    const signed = standardHeaders(body, { key: gateway.webhook.secret });
    const post = async (url: string, headers: Record<string, string>, sent: string) => {
      const type = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers: { ...type, ...headers }, body: sent });
      const { 'apigw-requestid': _, date, ...others } = Object.fromEntries(answer.headers);
      return [answer.status, others, await answer.text()];
    };
    const { url } = gateway.webhook;
    const old = standardHeaders(body, { key: gateway.webhook.secret, at: Date.now() - 301_000 });
    const answers = [
      await post(url, signed, body.replace('Forged', 'forged')),
      await post(url, { ...signed, 'webhook-id': 'other' }, body),
      await post(url, { ...signed, 'webhook-id': 'a.b' }, body),
      await post(url, { ...signed, 'webhook-signature': 'v1,' }, body),
      await post(url, old, body),
      await post(url, {}, body),
      await post(url, { authorization: `Bearer ${gateway.accessToken}` }, body),
      await post(url, {}, ''),
      await post(`${url}x`, signed, body),
      await post(`${url}/x`, signed, body),
      await post(url.replace('local', 'LOCAL'), signed, body),
      await post(url.replace('local', '%7Bproxy+%7D'), signed, body),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual([401, expect.not.objectContaining({ 'content-type': expect.anything() }), '']);
    expect(made('Forged')).toEqual([]);
  });

  it.each([
    ['no JSON', () => 'hello', 400, 'INVALID_REQUEST'],
    ['an empty body', () => '', 400, 'INVALID_REQUEST'],
    ['a list', () => '[]', 400, 'INVALID_DATA'],
    ['no type', () => '{"data":{}}', 400, 'INVALID_DATA'],
    ['a type that no endpoint has', () => named('x').replace(endpoint.event, 'OtherRequested'), 400, 'INVALID_DATA'],
    ['no data', () => JSON.stringify({ type: endpoint.event }), 400, 'INVALID_DATA'],
    ['an invalid body', () => payloadOf(endpoint, { body: {} }), 400, 'INVALID_DATA'],
    ['no version', () => payloadOf(endpoint, { version: undefined }), 400, 'INVALID_DATA'],
    ['a misspelt member', () => payloadOf(endpoint, { IdempotencyKey: 'a' }), 400, 'INVALID_DATA'],
    [
      'a deep nesting',
      () => payloadOf(endpoint).replace('}}', `},"deep":${nestedArrays(20_000)}}`),
      400,
      'INVALID_REQUEST',
    ],
    ['bytes that are not UTF-8', () => Buffer.from([0x7b, 0xff, 0x7d]), 400, 'INVALID_REQUEST'],
    ['more than 1 MB', () => payloadOf(endpoint, { more: 'x'.repeat(1_048_576) }), 413, 'INVALID_REQUEST'],
  ])('gets a problem for %s, since its sender is known', async (_, payload, status, code) => {
    const type = { 'content-type': 'application/octet-stream' };
    expect(await postWebhook(gateway, payload(), {}, type)).toMatchObject({ status, json: { code } });
  });

  it("names the violation in the sender's payload", async () => {
    const { json } = await postWebhook(gateway, named('x').replace(endpoint.event, `${endpoint.event}s`));
    expect(json.message).toBe(
      `type must be one of ${endpoints.map(({ event }) => event).join(', ')}; did you mean ${endpoint.event}?`,
    );
    const invalid = await postWebhook(gateway, payloadOf(endpoint, { body: { ...endpoint.example.body, name: 7 } }));
    expect(invalid.json.details).toMatchObject([{ target: 'name', pointer: '/body/name' }]);
  });
});

it('a body just below the limit that grows in the queue gets 413, and is neither recorded nor queued', async () => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const body = { ...endpoint.example.body, properties: { a: { value: '\uFFFF'.repeat(200_000) } } };
  expect(await postWebhook(gateway, payloadOf(endpoint, { body }))).toMatchObject({ status: 413 });
});

describe('other methods below /v1/webhooks', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    '%s needs a token, and gets 403 like all that is not offered',
    async (method) => {
      expect((await fetch(gateway.webhook.url, { method })).status).toBe(401);
      const headers = { authorization: `Bearer ${gateway.accessToken}` };
      expect((await fetch(gateway.webhook.url, { method, headers })).status).toBe(403);
    },
  );
});
