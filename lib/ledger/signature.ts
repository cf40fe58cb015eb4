import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Target } from '../runtime/sockets.ts';

export interface Signer {
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
}

type Headers = Readonly<Record<string, string>>;

/** Returns the headers of a POST with its signature; `at` is in milliseconds since the epoch. */
export type Sign = (target: Target, headers: Headers, body: string, at: number) => Promise<Headers>;

/**
 * Signs by AWS Signature Version 4. The SDK's signer takes eight times the CPU time: it derives a key for each call, and
 * Node is slow with an HMAC whose key is no KeyObject.
 */
export const signWith = ({ service, region, credentials }: Signer): Sign => {
  let latest: { readonly secret: string; readonly day: string; readonly key: KeyObject } | undefined;
  const keyOf = (secret: string, day: string): KeyObject => {
    if (latest?.secret !== secret || latest.day !== day) {
      const first = createSecretKey(`AWS4${secret}`, 'utf8');
      const key = [day, region, service, 'aws4_request'].reduce((key, part) => createSecretKey(hmac(key, part)), first);
      latest = { secret, day, key };
    }
    return latest.key;
  };

  return async ({ host, path }, headers, body, at) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const own = { ...headers, host, 'x-amz-date': time };
    const signed: Headers = sessionToken === undefined ? own : { ...own, 'x-amz-security-token': sessionToken };

    const names = Object.keys(signed).sort();
    const lines = names.map((name) => `${name}:${signed[name]}`);
    const request = ['POST', path, '', ...lines, '', names.join(';'), hash('sha256', body)].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, scope, hash('sha256', request)].join('\n');
    const signature = hmac(keyOf(secretAccessKey, day), text).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return { ...signed, authorization };
  };
};

const hmac = (key: KeyObject, text: string): Buffer => createHmac('sha256', key).update(text).digest();
