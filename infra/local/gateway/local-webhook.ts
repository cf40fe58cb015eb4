import { randomBytes } from 'node:crypto';
import type * as z from 'zod/mini';
import type { sources } from '../../../lib/webhook/source.ts';

/** The source of webhooks of this run. */
export const localWebhook = 'local';

/** The name of the secret with its keys. */
const secretName = 'pingone-provisioner/webhooks/local';

/** The settings of the run's sources, as a stage has them. */
export const localSources = { [localWebhook]: { scheme: 'standard', secret: secretName } } as const satisfies z.input<
  typeof sources
>;

/** A new key for the source, and the value of its secret. */
export const newWebhookSecret = () => {
  const key = `whsec_${randomBytes(32).toString('base64')}`;
  return { secretName, key, secretString: JSON.stringify({ secrets: [key] }) };
};
