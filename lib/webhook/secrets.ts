import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describeError, type Log } from '../runtime/logger.ts';
import { type CachedKeys, cachedKeys } from './cached-keys.ts';
import { type Key, parseKeys, WebhookSecretUnusable } from './keys.ts';
import type { Source } from './source.ts';

/** The keys of a source from Secrets Manager. A failed read is logged as an error. */
export const keysFrom = (secrets: SecretsManagerClient, source: Source, now: () => number, log: Log): CachedKeys =>
  cachedKeys(async (): Promise<readonly Key[]> => {
    try {
      const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: source.secret }));
      return parseKeys(SecretString, source, source.secret);
    } catch (cause) {
      const error = isConfiguration(cause) ? unreadable(source.secret, cause) : cause;
      log('error', { webhookSecret: source.secret, error: describeError(error) });
      throw error;
    }
  }, now);

/** A missing secret or permission stays until an operator mends it; other failures of AWS end by themselves. */
const isConfiguration = (error: unknown): error is Error =>
  error instanceof Error && /NotFound|AccessDenied|Decryption|InvalidRequest|InvalidParameter/.test(error.name);

const unreadable = (secretID: string, cause: Error) =>
  new WebhookSecretUnusable(`The secret ${secretID} cannot be read.`, { cause });
