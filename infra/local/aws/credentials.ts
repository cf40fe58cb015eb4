import { randomBytes } from 'node:crypto';
import type { Arrival } from '../loopback/loopback.ts';

/** The credentials of an SDK. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Credentials that no other process can guess. */
export const randomCredentials = (): AwsCredentials => ({
  accessKeyId: randomBytes(16).toString('hex'),
  secretAccessKey: randomBytes(16).toString('hex'),
});

/** Whether a call names the access key of the credentials. The key id is random: the signature need not be checked. */
export const isCalledBy = ({ accessKeyId }: AwsCredentials, { headers }: Arrival): boolean =>
  headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`) === true;
