import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import type { Source } from '../../lib/webhook/source.ts';
import { hostileBodies } from '../harness/hostile-input.ts';
import { payloadOf, standardHeaders } from '../harness/signed-webhook.ts';
import { endpoint } from '../harness/some-endpoint.ts';
import { openDoor } from './door.ts';

const key = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const text = 'a secret of twenty-four bytes';

const sources = {
  standard: { scheme: 'standard', secret: 'webhooks/standard' },
  own: {
    scheme: 'hmac',
    algorithm: 'SHA512',
    encoding: 'HEX',
    secretEncoding: 'UTF8',
    signatureHttpHeader: 'X-Signature',
    signedMessageComposition: '{BODY}',
    secret: 'webhooks/own',
  },
} as const satisfies Record<string, Source>;

/** HOSTILE=10000 npx vitest … takes 10,000. */
const requests = Number(process.env.HOSTILE ?? 300);

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '.',
    'v1,',
    'v1a,',
    'v1,====',
    'v1a,AAAA',
    `v1a,${'A'.repeat(86)}==`,
    'v1,'.repeat(300),
    '{BODY}',
  ),
  fc.constantFrom('0', '-1', '1e9', '99999999999999999999', 'NaN', '１７', '$&', '__proto__', 'null'),
);

const headers = fc.dictionary(
  fc.constantFrom(
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
    'x-signature',
    'content-type',
    'x-amzn-trace-id',
  ),
  words,
);

const body = fc.oneof(
  hostileBodies(JSON.parse(payloadOf(endpoint))).map((made) => (typeof made === 'string' ? made : Buffer.from(made))),
  fc.constant(payloadOf(endpoint)),
);

it(`${requests} hostile webhooks, half of them with a valid signature, get no 5xx and end no function`, async () => {
  const grants = { version: '1', callers: [callerOfAll('ci', [{ webhook: 'standard' }, { webhook: 'own' }])] } as const;
  await using door = await openDoor(endpoint, sources, { ...grants, callers: [...grants.callers] });
  door.putSecret('standard', JSON.stringify({ secrets: [key] }));
  door.putSecret('own', JSON.stringify({ secrets: [text] }));
  const valid = (source: string, sent: string | Buffer) =>
    source === 'own'
      ? { 'x-signature': createHmac('sha512', text).update(sent).digest('hex') }
      : standardHeaders(sent, { key, at: door.system.clock.now() });
  const counts = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('standard', 'own', 'missing', '__proto__', 'constructor'),
      headers,
      body,
      fc.boolean(),
      async (source, given, sent, isSigned) => {
        const all = isSigned ? { ...given, ...valid(source, sent) } : given;
        const { statusCode } = await door.post(source, all, sent);
        counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1);
        expect(statusCode).toBeLessThan(500);
        if (!isSigned || !Object.hasOwn(sources, source)) expect(statusCode).toBe(401);
      },
    ),
    { seed: 20261126, numRuns: requests },
  );
  expect([...counts.keys()].toSorted()).toEqual(expect.arrayContaining([202, 400, 401]));
});
