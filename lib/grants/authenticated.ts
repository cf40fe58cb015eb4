import { isMembers, valueAt } from '../validation/members.ts';
import type { Principal } from './principal.ts';

/** Why a request has no principal, as the end of a sentence. */
export interface Unestablished {
  readonly unestablished: string;
}

/** Who sent a request, as AWS or a token issuer has authenticated it. */
export type Sender = Principal | Unestablished;

type Claims = Readonly<Record<string, unknown>>;

/** Who is behind an HTTP request, by what API Gateway's authorizer says (HTTP API, payload 2.0). */
export const principalOf = (requestContext: unknown): Sender => {
  const claims = valueAt(requestContext, 'authorizer.jwt.claims');
  if (isMembers(claims)) return tokenHolder(claims);
  const userArn = valueAt(requestContext, 'authorizer.iam.userArn');
  return typeof userArn === 'string' ? roleSession(userArn) : nobody('nobody was authenticated');
};

/** Who is behind an event: EventBridge says the account, and the bus lets a source be used by its own senders alone. */
export const senderPrincipal = ({ account, source }: { readonly account: string; readonly source: string }): Sender =>
  /^\d{12}$/.test(account) && source !== ''
    ? { event: { account, source } }
    : nobody('the event has no account or source');

const nobody = (unestablished: string): Unestablished => ({ unestablished });

const tokenHolder = (claims: Claims): Sender => {
  if (isIDToken(claims)) return nobody('the token is no access token');
  const { iss: issuer, azp, client_id: client = azp, sub: subject = client } = claims;
  if (!isText(issuer) || ![azp, client, subject].every((name) => name === undefined || isText(name))) {
    return nobody('the token lacks an issuer, or has a name that is no text');
  }
  if (!isText(subject)) return nobody('the token names neither a client nor a subject');
  return isText(client) && subject === client ? { jwt: { issuer, client } } : { jwt: { issuer, subject } };
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** RFC 9068 wants a `client_id` of every access token and OpenID Connect Core wants none of an ID token; Cognito says which it is. */
const isIDToken = (claims: Claims): boolean =>
  claims.token_use === 'id' || 'at_hash' in claims || !['client_id', 'scope', 'scp'].some((name) => name in claims);

/** IAM users and the root user are refused: they have credentials that last. */
const roleSession = (userArn: string): Sender => {
  const [, account, role] = session.exec(userArn) ?? roleItself.exec(userArn) ?? [];
  return account && role ? { iam: { account, role } } : nobody('the caller is no IAM role');
};

const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/;
const roleItself = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[!-~]+\/)?([\w+=,.@-]+)$/;
