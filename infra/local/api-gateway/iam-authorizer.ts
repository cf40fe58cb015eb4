import { randomBytes } from 'node:crypto';
import { account, region } from '../aws/account.ts';
import { randomCredentials } from '../aws/credentials.ts';
import { localRole } from '../gateway/local-grants.ts';
import { json } from '../loopback/reply.ts';
import type { Authorize } from './authorizer.ts';
import { isSigned, type SessionKey } from './signature.ts';

/** A session of the local role, with credentials that no other process can guess. */
export const newSession = (): SessionKey => ({
  ...randomCredentials(),
  sessionToken: randomBytes(16).toString('base64'),
});

/** API Gateway's IAM authorizer: admits requests that a session of the local role has signed. */
export const createIamAuthorizer =
  (session: SessionKey): Authorize =>
  async (arrival) =>
    isSigned(arrival, session, region)
      ? { authorizer: { iam: { userArn: `arn:aws:sts::${account}:assumed-role/${localRole}/session` } } }
      : { reply: json(403, { message: 'Forbidden' }) };
