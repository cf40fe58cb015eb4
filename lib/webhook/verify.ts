import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type Key, keyPrefixes } from './keys.ts';
import type { SignedMessage } from './signed-message.ts';
import { hmacOf, type Scheme } from './source.ts';

/** Whether one of the message's signatures is by one of the keys. */
export const isSigned = (scheme: Scheme, { content, signatures }: SignedMessage, keys: readonly Key[]): boolean => {
  const { algorithm, encoding, signaturePrefix = '' } = hmacOf(scheme);
  return keys.some((key) => {
    if ('publicKey' in key) return signatures.some((signature) => isByPrivateKey(signature, content, key.publicKey));
    const digest = createHmac(algorithm.toLowerCase(), key.secret).update(content);
    const expected = signaturePrefix + digest.digest(encoding === 'HEX' ? 'hex' : 'base64');
    return signatures.some((signature) => isEqual(signature, expected));
  });
};

/** Compares texts, not decoded bytes: another spelling of the same signature does not pass. */
const isEqual = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const isByPrivateKey = (given: string, content: Buffer, publicKey: KeyObject): boolean => {
  if (!given.startsWith(keyPrefixes.signature)) return false;
  const text = given.slice(keyPrefixes.signature.length);
  const signature = Buffer.from(text, 'base64');
  return signature.toString('base64') === text && verify(null, content, publicKey, signature);
};
