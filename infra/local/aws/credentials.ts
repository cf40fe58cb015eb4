import { randomBytes } from 'node:crypto';
import type { Arrival } from '../loopback/loopback.ts';

/** What an SDK signs its calls with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Credentials that no other process knows unless it is told. */
export const randomCredentials = (): AwsCredentials => ({
  accessKeyId: randomBytes(16).toString('hex'),
  secretAccessKey: randomBytes(16).toString('hex'),
});

/** Whether a call names the access key of some credentials. The key id is random, so the signature need not be checked. */
export const isCalledBy = ({ accessKeyId }: AwsCredentials, { headers }: Arrival): boolean =>
  headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`) === true;
