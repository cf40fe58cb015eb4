import { createHmac, randomUUID } from 'node:crypto';
import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';

export interface Signing {
  /** `whsec_…`. */
  readonly key: string;
  readonly id?: string;
  /** In milliseconds since the epoch. */
  readonly at?: number;
}

/** The headers of Standard Webhooks, made without the code that checks them. */
export const standardHeaders = (
  body: string | Buffer,
  { key, id = `msg_${randomUUID()}`, at = Date.now() }: Signing,
) => {
  const timestamp = String(Math.floor(at / 1000));
  const hmac = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'));
  const signature = hmac.update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};

/** The payload of a webhook for an endpoint's example, with other members of its detail if given. */
export const payloadOf = ({ event, example }: Endpoint, detail: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    type: event,
    timestamp: new Date().toISOString(),
    data: { version: '1', ...example.parameters, body: example.body, ...detail },
  });

/** Posts a signed payload to the local source of webhooks. */
export const postWebhook = async (
  { webhook }: Pick<Gateway, 'webhook'>,
  body: string | Buffer,
  signing: Omit<Signing, 'key'> = {},
  headers: Readonly<Record<string, string>> = {},
) => {
  const response = await fetch(webhook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...standardHeaders(body, { key: webhook.secret, ...signing }),
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: Object(text && JSON.parse(text)) };
};
