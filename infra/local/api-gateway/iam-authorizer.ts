import { account } from '../aws/account.ts';
import { type AwsCredentials, isCalledBy } from '../aws/credentials.ts';
import { localRole } from '../gateway/local-grants.ts';
import { json } from '../loopback/reply.ts';
import type { Authorize } from './authorizer.ts';

/** API Gateway's IAM authorizer: admits requests that are signed with the credentials of the local role. */
export const createIamAuthorizer =
  (credentials: AwsCredentials): Authorize =>
  async (arrival) =>
    isCalledBy(credentials, arrival)
      ? { authorizer: { iam: { userArn: `arn:aws:sts::${account}:assumed-role/${localRole}/session` } } }
      : { reply: json(403, { message: 'Forbidden' }) };
