import { isMembers, valueAt } from '../validation/members.ts';
import type { Principal } from './principal.ts';

/** Why a request has no principal, as the end of a sentence. */
export interface Unestablished {
  readonly unestablished: string;
}

/** The sender of a request as authenticated by AWS or a token issuer. */
export type Sender = Principal | Unestablished;

type Claims = Readonly<Record<string, unknown>>;

/** The sender of an HTTP request, from the context of API Gateway's authorizer (HTTP API, payload 2.0). */
export const httpSender = (requestContext: unknown): Sender => {
  const claims = valueAt(requestContext, 'authorizer.jwt.claims');
  if (isMembers(claims)) return tokenHolder(claims);
  const userArn = valueAt(requestContext, 'authorizer.iam.userArn');
  return typeof userArn === 'string' ? roleSession(userArn) : unestablished('the request is not authenticated');
};

/** The sender of an event: EventBridge sets the account, and the bus policy restricts each source to its own senders. */
export const eventSender = ({ account, source }: { readonly account: string; readonly source: string }): Sender =>
  /^\d{12}$/.test(account) && source !== ''
    ? { event: { account, source } }
    : unestablished('the event has no account or source');

const unestablished = (reason: string): Unestablished => ({ unestablished: reason });

const tokenHolder = (claims: Claims): Sender => {
  if (isIDToken(claims)) return unestablished('the token is not an access token');
  const { iss: issuer, azp, client_id: client = azp, sub: subject = client } = claims;
  if (!isText(issuer) || ![azp, client, subject].every((name) => name === undefined || isText(name))) {
    return unestablished('the token has no issuer, or its client or subject is not text');
  }
  if (!isText(subject)) return unestablished('the token has neither a client nor a subject');
  return isText(client) && subject === client ? { jwt: { issuer, client } } : { jwt: { issuer, subject } };
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** RFC 9068 requires `client_id` in an access token, OpenID Connect Core defines none for an ID token; Cognito sets `token_use`. */
const isIDToken = (claims: Claims): boolean =>
  claims.token_use === 'id' || 'at_hash' in claims || !['client_id', 'scope', 'scp'].some((name) => name in claims);

/** Refuses IAM users and the root user, whose credentials are long-lived. */
const roleSession = (userArn: string): Sender => {
  const [, account, role] = session.exec(userArn) ?? bareRole.exec(userArn) ?? [];
  return account && role ? { iam: { account, role } } : unestablished('the caller is not an IAM role');
};

const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/;
const bareRole = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[!-~]+\/)?([\w+=,.@-]+)$/;
