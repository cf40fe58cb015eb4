import type { CachedKeys } from './cached-keys.ts';
import { WebhookSecretUnusable } from './keys.ts';
import { Refused } from './refused.ts';
import { type Delivery, type SignedMessage, signedMessage } from './signed-message.ts';
import type { Scheme } from './source.ts';
import { isSigned } from './verify.ts';

/** How a source signs, and its keys. */
export interface Verifier {
  readonly scheme: Scheme;
  readonly keys: CachedKeys;
}

/**
 * Verifies the signature of a delivery by the keys of its source; reads the keys again if none fits. `now` is in
 * milliseconds since the epoch.
 * @throws Refused; the error of a read that failed, if there are no keys
 */
export const authenticated = async (
  { scheme, keys }: Verifier,
  delivery: Delivery,
  now: number,
): Promise<SignedMessage> => {
  const message = signedMessage(scheme, delivery, now);
  const known = await keys.get().catch((error) => {
    throw error instanceof WebhookSecretUnusable ? new Refused('unusable-secret') : error;
  });
  if (isSigned(scheme, message, known)) return message;
  const newer = await keys.newerThan(known);
  if (newer && isSigned(scheme, message, newer)) return message;
  throw new Refused('wrong-signature');
};
