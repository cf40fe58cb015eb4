import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { GatewayError, Problem } from '../problems.ts';
import type { Log } from '../runtime/logger.ts';
import { type Target, targetOf } from '../runtime/sockets.ts';
import { withoutByteOrderMark } from '../validation/parse-json.ts';
import { checked } from '../validation/violations.ts';
import { type Cached, cached } from './cached.ts';

/** Top-level domains of PingOne's regions (PingOne API, "PingOne API requests"). */
export const regions = { NA: 'com', CA: 'ca', EU: 'eu', AU: 'com.au', SG: 'sg', AP: 'asia' } as const;

const text = z.string().check(z.minLength(1));

const isSafe = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
};

const base = text.check(z.refine(isSafe, { error: 'must be an https URL (http only on the loopback interface)' }));

/** The secret: a worker application, its PingOne, and its authentication method. */
const secret = z
  .object({
    clientId: text,
    clientSecret: text,
    /** The worker application's own environment; it may provision into others. */
    environmentID: z.optional(z.guid()),
    region: z.optional(z.enum(['NA', 'CA', 'EU', 'AU', 'SG', 'AP'])),
    apiBase: z.optional(base),
    authBase: z.optional(base),
    /** The whole URL of the token endpoint: with a custom domain it has no environment. */
    tokenUrl: z.optional(base),
    tokenEndpointAuthMethod: z._default(z.enum(['client_secret_basic', 'client_secret_post']), 'client_secret_basic'),
  })
  .check(
    z.refine(({ region, apiBase, authBase, tokenUrl }) => region || (apiBase && (authBase || tokenUrl)), {
      error: `is required (one of ${Object.keys(regions).join(', ')}), or apiBase with authBase or tokenUrl`,
      path: ['region'],
      params: { code: 'REQUIRED_VALUE' },
    }),
    z.refine(({ environmentID, tokenUrl }) => environmentID ?? tokenUrl, {
      error: 'is required and must be a UUID unless tokenUrl is set',
      path: ['environmentID'],
      params: { code: 'REQUIRED_VALUE' },
    }),
  );

/** A worker application's credentials and URLs. */
export interface Credentials {
  readonly clientID: string;
  readonly clientSecret: string;
  readonly method: 'client_secret_basic' | 'client_secret_post';
  /** The token endpoint. */
  readonly tokenUrl: string;
  /** `tokenUrl` as a target. */
  readonly tokens: Target;
  /** PingOne's API with its version, without a trailing slash: `https://api.pingone.com/v1`. */
  readonly apiBase: string;
  /** `apiBase` as a target. */
  readonly api: Target;
}

/** Thrown when the secret does not match its schema. Names the invalid members, never a value. */
export class SecretUnusable extends GatewayError {
  override readonly name = 'SecretUnusable';
}

/** Parses a secret's JSON; `source` names the secret in the error. @throws SecretUnusable */
export const parseSecret = (json: string, source: string): Credentials => {
  const { data, violations } = checked(secret, parseObject(json, source));
  if (data === undefined) {
    throw unusable(source, violations.map(({ message }) => message.replace(/^the body/, 'it')).join('; '));
  }
  const { clientId, clientSecret, environmentID = '', region = 'NA', tokenEndpointAuthMethod, ...own } = data;
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  const authBase = trimmed(own.authBase ?? `https://auth.pingone.${regions[region]}`);
  const tokenUrl = own.tokenUrl ?? `${authBase}/${environmentID.toLowerCase()}/as/token`;
  const apiBase = trimmed(own.apiBase ?? `https://api.pingone.${regions[region]}/v1`);
  return {
    clientID: clientId,
    clientSecret,
    method: tokenEndpointAuthMethod,
    tokenUrl,
    tokens: targetOf(tokenUrl),
    apiBase,
    api: targetOf(apiBase),
  };
};

const parseObject = (json: string, source: string): unknown => {
  if (json.trim() === '') throw unusable(source, 'it is empty');
  try {
    return JSON.parse(withoutByteOrderMark(json));
  } catch {
    // Without a cause: V8's message quotes the secret.
    throw unusable(source, 'it is not JSON');
  }
};

const unusable = (source: string, why: string) => new SecretUnusable(`The secret ${source} is not usable: ${why}.`);

const keepSecretMs = 5 * 60_000;

/** The worker application's credentials from Secrets Manager, cached for five minutes. @throws Problem PINGONE_ACCESS_FAILED */
export const cachedCredentials = (
  secrets: SecretsManagerClient,
  secretID: string,
  now: () => number,
  log: Log,
): Cached<Credentials> =>
  cached(async () => {
    log('info', { refreshed: 'secret' });
    return { value: await readCredentials(secrets, secretID), until: now() + keepSecretMs };
  }, now);

const readCredentials = async (secrets: SecretsManagerClient, secretID: string): Promise<Credentials> => {
  try {
    const { SecretString = '', SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: secretID }));
    if (SecretBinary) throw unusable(secretID, 'it is binary; put its JSON as text (--secret-string)');
    return parseSecret(SecretString, secretID);
  } catch (cause) {
    throw new Problem('PINGONE_ACCESS_FAILED', "The gateway's PingOne credentials cannot be used.", { cause });
  }
};
