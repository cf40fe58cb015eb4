import { describe, expect, it } from 'vitest';
import { source, sources } from '../../lib/webhook/source.ts';

const hmac = {
  scheme: 'hmac',
  algorithm: 'SHA256',
  encoding: 'HEX',
  secretEncoding: 'UTF8',
  signatureHttpHeader: 'X-Hub-Signature-256',
  signedMessageComposition: '{BODY}',
  secret: 'webhooks/ci',
};
const both = { messageIdHttpHeader: 'X-Id', timestampHttpHeader: 'X-Time' };

describe('the settings of a source', () => {
  it.each([
    { scheme: 'standard', secret: 'webhooks/ci' },
    {
      scheme: 'standard',
      secret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf',
      secretKeyArn: 'arn:aws:kms:a:b:key/c',
    },
    hmac,
    { ...hmac, signaturePrefix: 'sha256=', delimiter: ',' },
    { ...hmac, ...both, signedMessageComposition: '{MESSAGE_ID}.{TIMESTAMP}.{BODY}' },
    { ...hmac, timestampHttpHeader: 'X-Time', signedMessageComposition: 'v0:{TIMESTAMP}:{BODY}' },
  ])('may be %j', (settings) => {
    expect(source.safeParse(settings).error).toBeUndefined();
  });

  it.each([
    { scheme: 'standard' },
    { scheme: 'basic', secret: 's' },
    { scheme: 'standard', secret: 's', algorithm: 'SHA256' },
    { ...hmac, algorithm: 'SHA1' },
    { ...hmac, algorithm: 'MD5' },
    { ...hmac, signatureHttpHeader: 'a b' },
    { ...hmac, signedMessageComposition: '' },
    { ...hmac, signedMessageComposition: '{BODY}.{TIMESTAMP}', timestampHttpHeader: 'X-Time' },
    { ...hmac, ...both, signedMessageComposition: '{MESSAGE_ID}{TIMESTAMP}{BODY}' },
    { ...hmac, ...both, signedMessageComposition: '{MESSAGE_ID}1{TIMESTAMP}.{BODY}' },
    { ...hmac, ...both, signedMessageComposition: '{MESSAGE_ID}.{MESSAGE_ID}.{BODY}' },
  ])('may not be %j', (settings) => {
    expect(source.safeParse(settings).success).toBe(false);
  });

  it.each([
    [{ messageIdHttpHeader: 'X-Id' }, 'must have {MESSAGE_ID} once, since messageIdHttpHeader is set'],
    [{ timestampHttpHeader: 'X-Time' }, 'must have {TIMESTAMP} once, since timestampHttpHeader is set'],
    [{ signedMessageComposition: '{TIMESTAMP}.{BODY}' }, 'must not have {TIMESTAMP} without timestampHttpHeader'],
  ])('name a header only if it is signed: %j', (settings, message) => {
    const { error } = source.safeParse({ ...hmac, ...settings });
    expect(error?.issues.map((issue) => [issue.path, issue.message])).toEqual([
      [['signedMessageComposition'], message],
    ]);
  });

  it('have a name that fits a URL', () => {
    const one = { scheme: 'standard', secret: 's' };
    expect(sources.safeParse({ 'service-now': one }).success).toBe(true);
    for (const name of ['Servicenow', 'a/b', '{proxy+}', '', 'x'.repeat(33)])
      expect(sources.safeParse({ [name]: one }).success).toBe(false);
  });
});
