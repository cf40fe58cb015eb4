import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { quote } from './quote.ts';

/** Posts the request of an endpoint's example, signed by openssl; with other parameters if given. */
export const postWebhook = (
  { webhook }: Gateway,
  { event, example }: Endpoint,
  parameters: Readonly<Record<string, string>> = example.parameters,
): string => {
  const body = JSON.stringify({ type: event, data: { version: '1', ...parameters, body: example.body } });
  const key = Buffer.from(webhook.secret.replace('whsec_', ''), 'base64').toString('hex');
  return [
    `id=try-webhook time=$(date +%s) body=${quote(body)}`,
    `signature=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:${key} -binary | openssl base64 -A)`,
    `curl ${webhook.url} -H 'Content-Type: application/json' -H "webhook-id: $id" \\`,
    '  -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" --data "$body"',
  ].join('\n');
};
