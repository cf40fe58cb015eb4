import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticated, type Verifier } from '../../lib/webhook/authenticate.ts';
import { type Key, parseKeys, WebhookSecretUnusable } from '../../lib/webhook/keys.ts';
import { Refused } from '../../lib/webhook/refused.ts';
import type { Delivery } from '../../lib/webhook/signed-message.ts';
import { type Hmac, hmacOf, type Scheme } from '../../lib/webhook/source.ts';
import { standardHeaders } from '../harness/signed-webhook.ts';

const now = 1_700_000_000_000;
const standard: Scheme = { scheme: 'standard' };
const key = (nth: number) => `whsec_${Buffer.alloc(32, nth).toString('base64')}`;
const keysIn = (scheme: Scheme, ...secrets: string[]) => parseKeys(JSON.stringify({ secrets }), scheme, 's');

/** Whether a delivery passes, or why it does not. */
const judged = async (scheme: Scheme, keys: readonly Key[], delivery: Delivery, at = now): Promise<string> =>
  judgedBy({ scheme, keys: { get: async () => keys, newerThan: async () => undefined } }, delivery, at);

const judgedBy = (verifier: Verifier, delivery: Delivery, at = now): Promise<string> =>
  authenticated(verifier, delivery, at).then(
    () => 'passes',
    (error) => (error instanceof Refused ? error.reason : `failed: ${error}`),
  );

describe("the vectors of Standard Webhooks' own libraries", () => {
  const body = Buffer.from('{"test": 2432232314}');
  const message = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330' };
  const at = 1_614_265_330_000;

  it('pass with HMAC-SHA256', async () => {
    const headers = { ...message, 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
    const keys = keysIn(standard, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(await judged(standard, keys, { headers, body }, at)).toBe('passes');
    expect(await judged(standard, keysIn(standard, key(1)), { headers, body }, at)).toBe('wrong-signature');
  });

  it('pass with ed25519', async () => {
    const signature = 'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==';
    const seed = Buffer.from('VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=', 'base64');
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const keys = keysIn(standard, publicText(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })));
    const headers = { ...message, 'webhook-signature': signature };
    expect(await judged(standard, keys, { headers, body }, at)).toBe('passes');
    expect(await judged(standard, keysIn(standard, key(1)), { headers, body }, at)).toBe('wrong-signature');
  });
});

const publicText = (privateKey: KeyObject): string =>
  `whpk_${Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;

const { privateKey } = generateKeyPairSync('ed25519');

/** The headers of Standard Webhooks, signed with a private key. */
const ed25519Headers = (body: Buffer, id: string) => {
  const time = String(now / 1000);
  const signature = sign(null, Buffer.concat([Buffer.from(`${id}.${time}.`), body]), privateKey).toString('base64');
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1a,${signature}` };
};

const secret = 'a secret of twenty-four bytes';

const hmac = (settings: Partial<Hmac>): Hmac => ({
  scheme: 'hmac',
  algorithm: 'SHA256',
  encoding: 'HEX',
  secretEncoding: 'UTF8',
  signatureHttpHeader: 'X-Signature',
  signedMessageComposition: '{BODY}',
  ...settings,
});

/** The headers of a source with an HMAC of its own, made without the code that checks them. */
const hmacHeaders = (scheme: Hmac, body: Buffer, id: string): Record<string, string> => {
  const time = String(now / 1000);
  const before = scheme.signedMessageComposition.replace('{MESSAGE_ID}', id).replace('{TIMESTAMP}', time).slice(0, -6);
  const digest = createHmac(scheme.algorithm, secret)
    .update(before)
    .update(body)
    .digest(scheme.encoding === 'HEX' ? 'hex' : 'base64');
  return {
    'x-signature': (scheme.signaturePrefix ?? '') + digest,
    ...(scheme.messageIdHttpHeader && { [scheme.messageIdHttpHeader.toLowerCase()]: id }),
    ...(scheme.timestampHttpHeader && { [scheme.timestampHttpHeader.toLowerCase()]: time }),
  };
};

const ownSchemes = [
  hmac({ signaturePrefix: 'sha256=' }),
  hmac({
    algorithm: 'SHA512',
    encoding: 'BASE64',
    timestampHttpHeader: 'X-Time',
    signedMessageComposition: 'v0:{TIMESTAMP}:{BODY}',
  }),
  hmac({ messageIdHttpHeader: 'X-Id', signedMessageComposition: '{MESSAGE_ID}|{BODY}' }),
  hmac({
    messageIdHttpHeader: 'X-Id',
    timestampHttpHeader: 'X-Time',
    delimiter: ',',
    signedMessageComposition: '{TIMESTAMP}.{MESSAGE_ID}.{BODY}',
  }),
];

/** Each way to sign, with a key that verifies it. */
const ways: readonly {
  readonly name: string;
  readonly scheme: Scheme;
  readonly keys: readonly Key[];
  readonly signed: (body: Buffer, id: string) => Record<string, string>;
}[] = [
  {
    name: 'Standard Webhooks, v1',
    scheme: standard,
    keys: keysIn(standard, key(1)),
    signed: (body, id) => standardHeaders(body, { key: key(1), id, at: now }),
  },
  {
    name: 'Standard Webhooks, v1a',
    scheme: standard,
    keys: keysIn(standard, publicText(privateKey)),
    signed: ed25519Headers,
  },
  ...ownSchemes.map((scheme) => ({
    name: `${scheme.algorithm} over ${scheme.signedMessageComposition}`,
    scheme,
    keys: keysIn(scheme, secret),
    signed: (body: Buffer, id: string) => hmacHeaders(scheme, body, id),
  })),
];

const bodies = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const ids = fc.stringMatching(/^[\w-]{1,20}$/);
const run = { seed: 20261126, numRuns: 60 };

describe.each(ways)('a webhook by $name', ({ scheme, keys, signed }) => {
  const { signatureHttpHeader, messageIdHttpHeader = '', timestampHttpHeader = '' } = hmacOf(scheme);
  const reasonWithout: Readonly<Record<string, string>> = {
    [signatureHttpHeader.toLowerCase()]: 'no-signature',
    [messageIdHttpHeader.toLowerCase()]: 'invalid-id',
    [timestampHttpHeader.toLowerCase()]: 'invalid-time',
  };

  it('passes as it was signed', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, ids, async (body, id) => {
        expect(await judged(scheme, keys, { headers: signed(body, id), body })).toBe('passes');
      }),
      run,
    );
  });

  it('never passes with an altered byte of its body, or one more or less', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, ids, fc.nat(), fc.integer({ min: 1, max: 255 }), async (body, id, place, mask) => {
        const headers = signed(body, id);
        const at = place % (body.length + 1);
        const flipped = Buffer.from(body);
        if (at < body.length) flipped[at] = (flipped[at] ?? 0) ^ mask;
        const longer = Buffer.concat([body.subarray(0, at), Buffer.from([mask]), body.subarray(at)]);
        const altered = [longer, ...(at < body.length ? [flipped, body.subarray(0, at)] : [])];
        for (const each of altered) expect(await judged(scheme, keys, { headers, body: each })).toBe('wrong-signature');
      }),
      run,
    );
  });

  it('never passes with an altered character of its signature, id or time', async () => {
    const character = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(bodies, ids, fc.nat(), fc.nat(), character, async (body, id, header, place, other) => {
        const headers = signed(body, id);
        const name = Object.keys(headers)[header % Object.keys(headers).length] ?? '';
        const value = headers[name] ?? '';
        const at = place % value.length;
        for (const rest of [value.slice(at + 1), value.slice(at)]) {
          const altered = value.slice(0, at) + other + rest;
          // A separator more only makes the list of signatures longer.
          if (altered === value || altered.split(hmacOf(scheme).delimiter ?? '\n').includes(value)) continue;
          expect(await judged(scheme, keys, { headers: { ...headers, [name]: altered }, body })).not.toBe('passes');
        }
      }),
      { ...run, numRuns: 150 },
    );
  });

  it('never passes without one of its headers, or with one of another webhook', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, bodies, ids, ids, async (body, otherBody, id, otherID) => {
        fc.pre(id !== otherID && !body.equals(otherBody));
        const headers = signed(body, id);
        const others = signed(otherBody, otherID);
        for (const name of Object.keys(headers)) {
          const refused = await judged(scheme, keys, { headers: { ...headers, [name]: undefined }, body });
          expect(refused).toBe(reasonWithout[name]);
          if (headers[name] === others[name]) continue;
          expect(await judged(scheme, keys, { headers: { ...headers, [name]: others[name] }, body })).not.toBe(
            'passes',
          );
        }
      }),
      run,
    );
  });

  it('never passes by a key that the source does not have', async () => {
    const others = keysIn(scheme, scheme.scheme === 'standard' ? key(7) : `${secret}!`);
    const body = Buffer.from('{}');
    expect(await judged(scheme, others, { headers: signed(body, 'a'), body })).toBe('wrong-signature');
  });
});

describe('a webhook with several signatures', () => {
  it('passes by any of them that is valid, wherever it is, during a rotation of keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.subarray([1, 2, 3, 4], { minLength: 1 }),
        fc.subarray([1, 2, 3, 4], { minLength: 1 }),
        fc.constantFrom('', 'v2,abc', 'v1a,abc', 'v1,', 'v1,Zm9v', 'x'),
        async (body, signing, known, noise) => {
          const headers = standardHeaders(body, { key: key(1), id: 'a', at: now });
          const signatures = signing.map(
            (nth) => standardHeaders(body, { key: key(nth), id: 'a', at: now })['webhook-signature'],
          );
          const list = [noise, ...signatures, noise].join(' ');
          const keys = keysIn(standard, ...known.map(key));
          const isKnown = signing.some((nth) => known.includes(nth));
          expect(await judged(standard, keys, { headers: { ...headers, 'webhook-signature': list }, body })).toBe(
            isKnown ? 'passes' : 'wrong-signature',
          );
        },
      ),
      run,
    );
  });

  it.each([' ', ',', ';'])('does not pass if its source has no delimiter: %j', async (separator) => {
    const scheme = hmac({});
    const body = Buffer.from('{}');
    const signature = hmacHeaders(scheme, body, '')['x-signature'];
    const headers = { 'x-signature': `${signature}${separator}${signature}` };
    expect(await judged(scheme, keysIn(scheme, secret), { headers, body })).toBe('wrong-signature');
  });

  it('passes by its ed25519 signature beside one of another version', async () => {
    const body = Buffer.from('{}');
    const headers = ed25519Headers(body, 'a');
    const list = `${standardHeaders(body, { key: key(9), id: 'a', at: now })['webhook-signature']} ${headers['webhook-signature']}`;
    const keys = keysIn(standard, key(1), publicText(privateKey));
    expect(await judged(standard, keys, { headers: { ...headers, 'webhook-signature': list }, body })).toBe('passes');
  });
});

describe('a signed id or time', () => {
  const body = Buffer.from('{}');
  const keys = keysIn(standard, key(1));
  const judgedWith = (id: string, at: number) =>
    judged(standard, keys, { headers: standardHeaders(body, { key: key(1), id, at }), body });

  it.each(['a.b', '.', '', 'ä', 'a b', 'x'.repeat(256)])(
    'is refused as the id %j, however it is signed',
    async (id) => {
      expect(await judgedWith(id, now)).toBe('invalid-id');
    },
  );

  it.each(['1.5', '1700000000.0', '+1700000000', '1e9', '', 'now', '17000000001234'])(
    'is refused as the time %j, however it is signed',
    async (time) => {
      const signature = createHmac('sha256', Buffer.alloc(32, 1)).update(`a.${time}.`).update(body).digest('base64');
      const headers = { 'webhook-id': 'a', 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
      expect(await judged(standard, keys, { headers, body })).toBe('invalid-time');
    },
  );

  it.each([
    [-300, 'passes'],
    [-301, 'old-time'],
    [300, 'passes'],
    [301, 'old-time'],
  ])('at %i seconds from now %s', async (seconds, result) => {
    expect(await judgedWith('a', now + seconds * 1000)).toBe(result);
  });

  it('cannot move into the body: an id with the separator of its scheme is refused', async () => {
    const scheme = hmac({ messageIdHttpHeader: 'X-Id', signedMessageComposition: '{MESSAGE_ID}:{BODY}' });
    const signed = hmacHeaders(scheme, Buffer.from('b:{}'), 'a');
    const moved = { headers: { ...signed, 'x-id': 'a:b' }, body: Buffer.from('{}') };
    expect(await judged(scheme, keysIn(scheme, secret), moved)).toBe('invalid-id');
  });
});

describe('the keys of a source', () => {
  const body = Buffer.from('{}');
  const delivery = { headers: standardHeaders(body, { key: key(1), id: 'a', at: now }), body };
  const [fitting, other] = [keysIn(standard, key(1)), keysIn(standard, key(2))];

  it.each([
    ['fits', fitting, 'passes'],
    ['fits no more', other, 'wrong-signature'],
    ['is not there', undefined, 'wrong-signature'],
  ])('are read again if none fits: a newer one that %s', async (_, newer, result) => {
    const seen: unknown[] = [];
    const newerThan = async (known: readonly Key[]) => {
      seen.push(known);
      return newer;
    };
    expect(await judgedBy({ scheme: standard, keys: { get: async () => other, newerThan } }, delivery)).toBe(result);
    expect(seen).toEqual([other]);
  });

  it.each([
    [new WebhookSecretUnusable('no key'), 'unusable-secret'],
    [new Error('no answer'), 'failed: Error: no answer'],
  ])('that cannot be used refuse the webhook, and those that cannot be read do not: %s', async (error, result) => {
    const keys = { get: () => Promise.reject(error), newerThan: async () => fitting };
    expect(await judgedBy({ scheme: standard, keys }, delivery)).toBe(result);
  });
});
