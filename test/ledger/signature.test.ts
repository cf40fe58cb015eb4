import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, it } from 'vitest';
import { signWith } from '../../lib/ledger/signature.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';

const first = { accessKeyId: 'AKIA1', secretAccessKey: 'one', sessionToken: 'token+/=' };
const second = { accessKeyId: 'AKIA2', secretAccessKey: 'two' };
const [evening, morning] = ['2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z'].map(Date.parse);

it("a request is signed as AWS's SDK signs it, by another day and after other credentials, too", async () => {
  let identity: typeof first | typeof second = first;
  const settings = { service: 'dynamodb', region: 'eu-west-1', credentials: async () => identity };
  const sign = signWith(settings);
  const sdk = new SignatureV4({ ...settings, sha256: Hash.bind(null, 'sha256'), applyChecksum: false });
  const target = targetOf('https://dynamodb.eu-west-1.amazonaws.com:8443/');
  const { hostname, host, path } = target;

  const signatures = new Set<string | undefined>();
  for (const [next, at = 0, body] of [
    [first, evening, '{"a":"é 😀"}'],
    [first, evening, '{}'],
    [first, morning, '{}'],
    [second, morning, '{}'],
    [first, morning, '{"a":1}'],
  ] as const) {
    identity = next;
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    const request = { method: 'POST', protocol: 'https:', hostname, path, query: {}, body };
    const expected = await sdk.sign({ ...request, headers: { ...headers, host } }, { signingDate: new Date(at) });
    const signed = await sign(target, headers, body, at);
    expect(signed).toEqual(expected.headers);
    signatures.add(signed.authorization);
  }
  expect(signatures.size).toBe(5);
});
