import { setImmediate } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { cachedKeys } from '../../lib/webhook/cached-keys.ts';
import { type Key, parseKeys, WebhookSecretUnusable } from '../../lib/webhook/keys.ts';
import { keysFrom } from '../../lib/webhook/secrets.ts';
import type { Hmac } from '../../lib/webhook/source.ts';

const standard = { scheme: 'standard' } as const;
const hmac: Hmac = {
  scheme: 'hmac',
  algorithm: 'SHA256',
  encoding: 'HEX',
  secretEncoding: 'BASE64',
  signatureHttpHeader: 'x-signature',
  signedMessageComposition: '{BODY}',
};
const base64 = (bytes: number) => Buffer.alloc(bytes, 255).toString('base64');
const secretOf = (...secrets: unknown[]) => JSON.stringify({ secrets });

describe("a source's secret", () => {
  it('has one key or several', () => {
    expect(parseKeys(secretOf(`whsec_${base64(24)}`), standard, 's')).toEqual([{ secret: Buffer.alloc(24, 255) }]);
    const three = secretOf(`whsec_${base64(64)}`, `whpk_${base64(32)}`, `whsec_${base64(32)}`);
    expect(parseKeys(three, standard, 's')).toHaveLength(3);
    expect(parseKeys(secretOf(`whsec_${base64(24)}`, base64(512)), hmac, 's')).toHaveLength(2);
    const text = { ...hmac, secretEncoding: 'UTF8' } as const;
    expect(parseKeys(secretOf('x'.repeat(24)), text, 's')).toEqual([{ secret: Buffer.from('x'.repeat(24)) }]);
  });

  it.each([
    ['', 'must be JSON'],
    ['whsec_abc', 'must be JSON'],
    [JSON.stringify({ secret: 'whsec_' }), 'must be JSON'],
    [secretOf(), 'must be JSON'],
    [secretOf(1), 'must be JSON'],
    [secretOf(`whsec_${base64(23)}`), 'secrets[0] must be whsec_ and 24 to 64 bytes'],
    [secretOf(`whsec_${base64(65)}`), 'secrets[0] must be whsec_ and 24 to 64 bytes'],
    [secretOf(`whsec_${base64(32)}`, base64(32)), 'secrets[1] must be whsec_ and 24 to 64 bytes'],
    [secretOf(`secret${base64(32)}`), 'secrets[0] must be whsec_ and 24 to 64 bytes'],
    [secretOf(`whsec_${'not base64 '.repeat(4)}`), 'secrets[0] must be whsec_ and 24 to 64 bytes'],
    [secretOf(`whpk_${base64(31)}`), 'secrets[0] must be whpk_ and 32 bytes'],
    [secretOf(`whsk_${base64(32)}`), "secrets[0] is the sender's private key"],
  ])('is not usable as %j: %s', (json, why) => {
    expect(() => parseKeys(json, standard, 'the-secret')).toThrow(WebhookSecretUnusable);
    expect(() => parseKeys(json, standard, 'the-secret')).toThrow(`The secret the-secret is not usable: ${why}`);
  });

  it.each([secretOf(base64(23)), secretOf(base64(513)), secretOf('x y'.repeat(10))])(
    'of an own HMAC is not usable as %.60s',
    (json) => {
      expect(() => parseKeys(json, hmac, 's')).toThrow('secrets[0] must have 24 to 512 bytes in base64');
    },
  );

  it('of an own HMAC whose secrets are texts may have any characters', () => {
    const text = { ...hmac, secretEncoding: 'UTF8' } as const;
    expect(() => parseKeys(secretOf('x y'), text, 's')).toThrow(/: secrets\[0\] must have 24 to 512 bytes\.$/);
  });

  it('is not quoted in an error', () => {
    const thrown = [secretOf('a-leaked-secret'), '{ a-leaked-secret'].map((json) => {
      try {
        return parseKeys(json, standard, 's');
      } catch (error) {
        return `${error} ${Object(error).cause}`;
      }
    });
    expect(String(thrown)).not.toContain('leaked');
  });
});

describe('cached keys', () => {
  const opened = (...loads: (readonly Key[] | Error)[]) => {
    const at = { now: 0, reads: 0 };
    const load = async () => {
      await setImmediate();
      const next = loads[Math.min(at.reads++, loads.length - 1)];
      if (next instanceof Error) throw next;
      return next ?? [];
    };
    return { at, keys: cachedKeys(load, () => at.now) };
  };
  const [one, two]: [Key[], Key[]] = [[{ secret: Buffer.from('1') }], [{ secret: Buffer.from('2') }]];

  it('are read once for five minutes, however many ask', async () => {
    const { at, keys } = opened(one, two);
    expect(await Promise.all([keys.get(), keys.get()])).toEqual([one, one]);
    at.now = 299_999;
    expect([await keys.get(), at.reads]).toEqual([one, 1]);
    at.now = 300_000;
    expect([await keys.get(), at.reads]).toEqual([two, 2]);
  });

  it('are read again for a signature that none fits, at most once in ten seconds', async () => {
    const { at, keys } = opened(one, one, two);
    const seen = await keys.get();
    at.now = 9_999;
    expect([await keys.newerThan(seen), at.reads]).toEqual([undefined, 1]);
    at.now = 10_000;
    await Promise.all([keys.newerThan(seen), keys.newerThan(seen)]);
    expect(at.reads).toBe(2);
    at.now = 19_999;
    expect([await keys.newerThan(await keys.get()), at.reads]).toEqual([undefined, 2]);
    at.now = 20_000;
    expect([await keys.newerThan(await keys.get()), at.reads]).toEqual([two, 3]);
  });

  it('stay in use if they cannot be read again, until their five minutes are over', async () => {
    const failure = new Error('no answer');
    const { at, keys } = opened(one, failure);
    await keys.get();
    at.now = 20_000;
    expect(await keys.newerThan(one)).toBeUndefined();
    expect(await keys.get()).toBe(one);
    at.now = 300_000;
    await expect(keys.get()).rejects.toBe(failure);
    expect(at.reads).toBe(3);
    at.now = 309_999;
    await expect(keys.get()).rejects.toBe(failure);
    expect(at.reads).toBe(3);
  });
});

describe("a source's keys in Secrets Manager", () => {
  const answered = async (statusCode: number, answer: object) => {
    const lines: unknown[] = [];
    const client = new SecretsManagerClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      maxAttempts: 1,
      requestHandler: {
        handle: async () => ({ response: { statusCode, headers: {}, body: Buffer.from(JSON.stringify(answer)) } }),
      },
    });
    const log = (level: string, line: object) => void lines.push({ level, ...line });
    const keys = keysFrom(client, { ...standard, secret: 'the-secret' }, () => 0, log);
    return { result: await keys.get().catch((error) => error), lines };
  };
  const logged = [{ level: 'error', webhookSecret: 'the-secret', error: expect.anything() }];

  it('are those in the value of the secret', async () => {
    const { result, lines } = await answered(200, { SecretString: secretOf(`whsec_${base64(24)}`) });
    expect([result, lines]).toEqual([[{ secret: Buffer.alloc(24, 255) }], []]);
  });

  it.each([
    'ResourceNotFoundException',
    'AccessDeniedException',
    'DecryptionFailure',
    'InvalidRequestException',
    'InvalidParameterException',
  ])('are unusable until an operator acts: %s', async (type) => {
    const { result, lines } = await answered(400, { __type: type, message: 'No.' });
    expect(result).toBeInstanceOf(WebhookSecretUnusable);
    expect(String(result)).toBe('WebhookSecretUnusable: The secret the-secret cannot be read.');
    expect(lines).toEqual(logged);
  });

  it.each([
    [500, 'InternalServiceError'],
    [400, 'ThrottlingException'],
  ])('are not read for now: %i %s', async (status, type) => {
    const { result, lines } = await answered(status, { __type: type, message: 'AccessDenied' });
    expect(result).toMatchObject({ name: type });
    expect(lines).toEqual(logged);
  });

  it('are unusable without a value of the secret', async () => {
    const { result, lines } = await answered(200, {});
    expect(String(result)).toContain('The secret the-secret is not usable: must be JSON');
    expect(lines).toEqual(logged);
  });
});
