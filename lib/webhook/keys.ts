import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { GatewayError } from '../problems.ts';
import { hmacOf, type Scheme } from './source.ts';

/** A key that verifies signatures: a shared secret, or the public half of a sender's ed25519 key pair. */
export type Key = { readonly secret: Buffer } | { readonly publicKey: KeyObject };

/** Standard Webhooks, "Signature scheme". */
export const keyPrefixes = { secret: 'whsec_', publicKey: 'whpk_', privateKey: 'whsk_', signature: 'v1a,' } as const;

/** Thrown if a source's secret has no usable keys. Names the position of a key, never its value. */
export class WebhookSecretUnusable extends GatewayError {
  override readonly name = 'WebhookSecretUnusable';
}

/** The value of a source's secret: one entry, or several during a rotation. */
const document = z.strictObject({ secrets: z.array(z.string()).check(z.minLength(1), z.maxLength(10)) });

/** The keys in a source's secret; `secretID` names the secret in the error. @throws WebhookSecretUnusable */
export const parseKeys = (json: string, scheme: Scheme, secretID: string): readonly Key[] => {
  const { data } = z.safeParse(document, parsed(json));
  if (data === undefined) throw unusable(secretID, 'must be JSON: { "secrets": ["…"] } with 1 to 10 texts');
  return data.secrets.map((text, index) => {
    const key = scheme.scheme === 'standard' ? standardKey(text) : hmacKey(text, scheme);
    if (typeof key === 'string') throw unusable(secretID, `secrets[${index}] ${key}`);
    return key;
  });
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // Without a cause: V8's message quotes the secret.
    return undefined;
  }
};

const unusable = (secretID: string, why: string) =>
  new WebhookSecretUnusable(`The secret ${secretID} is not usable: ${why}.`);

/** The key, or why it cannot be used. */
const standardKey = (text: string): Key | string => {
  const { secret, publicKey, privateKey } = keyPrefixes;
  if (text.startsWith(privateKey))
    return `is the sender's private key (${privateKey}); it must be the ${publicKey} one`;
  if (text.startsWith(publicKey)) {
    const bytes = bytesOf(text.slice(publicKey.length));
    if (bytes?.length !== 32) return `must be ${publicKey} and 32 bytes in base64`;
    const key = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
    return { publicKey: createPublicKey({ key, format: 'jwk' }) };
  }
  const bytes = text.startsWith(secret) ? bytesOf(text.slice(secret.length)) : undefined;
  return bytes && bytes.length >= 24 && bytes.length <= 64
    ? { secret: bytes }
    : `must be ${secret} and 24 to 64 bytes in base64, or ${publicKey} and a public key`;
};

const hmacKey = (text: string, scheme: Scheme): Key | string => {
  const isText = hmacOf(scheme).secretEncoding === 'UTF8';
  const bytes = isText ? Buffer.from(text) : bytesOf(text.replace(keyPrefixes.secret, ''));
  return bytes && bytes.length >= 24 && bytes.length <= 512
    ? { secret: bytes }
    : `must have 24 to 512 bytes${isText ? '' : ' in base64'}`;
};

const bytesOf = (base64: string): Buffer | undefined => {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '') ? bytes : undefined;
};
