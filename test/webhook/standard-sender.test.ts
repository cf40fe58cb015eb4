import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { payloadOf } from '../harness/signed-webhook.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
});
afterAll(() => gateway.close());

describe.each(endpoints)('a webhook for $name that the package standardwebhooks signs', (endpoint) => {
  const post = async (payload: string, at = new Date(), key = gateway.webhook.secret) => {
    const id = `msg-${endpoint.name}`;
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign(id, at, payload),
    };
    const { status } = await fetch(gateway.webhook.url, { method: 'POST', headers, body: payload });
    return status;
  };

  it('is accepted, also with characters beyond ASCII', async () => {
    const payload = payloadOf(endpoint, { body: { ...endpoint.example.body, name: 'Grüße 🙂' } });
    expect(await post(payload)).toBe(202);
  });

  it('is refused if it is old, or signed with another key', async () => {
    expect(await post(payloadOf(endpoint), new Date(Date.now() - 301_000))).toBe(401);
    expect(await post(payloadOf(endpoint), new Date(), `whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(401);
  });
});
