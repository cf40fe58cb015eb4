import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../infra/local/gateway/gateway.ts';
import { localClient } from '../infra/local/gateway/local-grants.ts';
import type { Endpoint } from '../lib/endpoints/endpoint.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { call } from './harness/front-door.ts';
import { hostileBodies } from './harness/hostile-input.ts';

const runs = 1_000;
const atOnce = 20;

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, auth: 'none', onLog: () => {} });
});

afterAll(() => gateway.close());

const contentTypes = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'application/json;', 'a/b; c="', ''),
  },
);

/** The body in API Gateway's event, so that thousands need no HTTP. */
const eventOf = ({ example }: Endpoint, body: string | Uint8Array, type: string) => ({
  version: '2.0',
  headers: { 'content-type': type },
  pathParameters: example.parameters,
  requestContext: { authorizer: { jwt: { claims: { iss: gateway.issuer.url, client_id: localClient, scope: 's' } } } },
  body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
  isBase64Encoded: typeof body !== 'string',
});

describe.each(endpoints)('$name', (endpoint) => {
  /** One in ten is sent over HTTP. */
  const answerTo = async (body: string | Uint8Array, type: string, nth: number) => {
    if (nth % 10 === 0) return call(gateway, endpoint, { body, headers: { 'content-type': type } });
    const answer = await gateway.functions.http.get(endpoint.name)?.invoke(eventOf(endpoint, body, type));
    const { statusCode, body: text } = Object(answer);
    return { status: Number(statusCode), text: String(text), json: Object(JSON.parse(text)) };
  };

  it('answers no input with a 5xx, and rejects with a problem', { timeout: 60_000 }, async () => {
    const inputs = fc.sample(fc.tuple(hostileBodies(endpoint.example.body), contentTypes), {
      seed: 20,
      numRuns: runs / endpoints.length,
    });
    const statuses = new Map<number, number>();
    const pending = inputs.entries();
    const worker = async () => {
      for (const [nth, [sample, type]] of pending) {
        // Each resource has a unique name.
        const body =
          typeof sample === 'string' ? sample.replace(String(endpoint.example.body.name), crypto.randomUUID()) : sample;
        const { status, json, text } = await answerTo(body, type, nth);
        expect(status, `${type}: ${text}`).toBeLessThan(500);
        if (status !== 201)
          expect(json, text).toMatchObject({ status, detail: expect.any(String), code: expect.any(String) });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    // The inputs cause every kind of answer of the door, and reach PingOne, too.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([201, 400, 415]));
  });
});
