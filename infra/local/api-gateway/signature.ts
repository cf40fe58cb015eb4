import { createHash, createHmac } from 'node:crypto';
import type { Arrival } from '../loopback/loopback.ts';

/** Credentials of a role's session. */
export interface SessionKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Whether a request to API Gateway has the signature of a session, over its token, too ("Create a signed AWS API
 * request", Signature Version 4). For paths and queries that need no encoding; of any age, since the live page repeats
 * requests.
 */
export const isSigned = ({ method, path, query, headers, body }: Arrival, key: SessionKey, region: string): boolean => {
  if (headers['x-amz-security-token'] !== key.sessionToken) return false;
  const time = String(headers['x-amz-date']);
  const scope = [time.slice(0, 8), region, 'execute-api', 'aws4_request'];
  const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, query, lines.join(''), signed, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${key.secretAccessKey}`);
  const expected = `AWS4-HMAC-SHA256 Credential=${[key.accessKeyId, ...scope].join('/')}, SignedHeaders=${signed}, Signature=${hmac(signingKey, text).toString('hex')}`;
  return headers.authorization === expected && signed.split(';').includes('x-amz-security-token');
};

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
