import { jsonOf } from '../runtime/connection.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import type { Principal } from './principal.ts';

/** Why a request has no principal, as the end of a sentence. */
export interface Unestablished {
  readonly unestablished: string;
}

/** The sender of a request as authenticated by AWS or a token issuer. */
export type Sender = Principal | Unestablished;

interface HttpRequest {
  readonly requestContext: unknown;
  readonly headers: unknown;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * The sender of an HTTP request, from the context of API Gateway's authorizer (HTTP API, payload 2.0). A token needs one
 * of the roles, where there are any.
 */
export const httpSender = ({ requestContext, headers }: HttpRequest, roles: readonly string[]): Sender => {
  const claims = valueAt(requestContext, 'authorizer.jwt.claims');
  if (isMembers(claims)) {
    const own = roles.length === 0 ? [] : rolesOf(valueAt(headers, 'authorization'), claims);
    if (roles.length === 0 || roles.some((role) => own.includes(role))) return tokenHolder(claims);
    return unestablished(`the token has none of the roles ${roles.join(', ')}`);
  }
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

/**
 * The roles in the request's token. API Gateway has verified it, and passes an array on as the text `[a b]`, from which
 * roles with spaces can't be told; the text must be that of the roles.
 */
const rolesOf = (authorization: unknown, claims: Claims): readonly unknown[] => {
  const [, payload = ''] = bearer.exec(String(authorization)) ?? [];
  const roles = valueAt(jsonOf(Buffer.from(payload, 'base64url')), 'roles');
  const text = Array.isArray(roles) ? `[${roles.join(' ')}]` : roles;
  return text === claims.roles ? [roles].flat() : [];
};

/** One token: API Gateway joins repeated headers with a comma. */
const bearer = /^(?:Bearer )?[\w-]+\.([\w-]+)\.[\w-]+$/i;

/**
 * An ID token has a member of OpenID Connect Core, `token_use` (Cognito), or its client as the audience. It has no scope
 * and may leave out its client, which an access token names (RFC 9068: `client_id`; Auth0: `azp`; Entra ID: `azp`, `appid`).
 */
const isIDToken = (claims: Claims): boolean => {
  if (claims.token_use === 'id' || ['nonce', 'at_hash', 'c_hash'].some((name) => name in claims)) return true;
  const clients = [claims.client_id, claims.azp, claims.appid].filter((client) => client !== undefined).map(String);
  const audience = String(claims.aud)
    .replace(/^\[|\]$/g, '')
    .split(' ');
  if (clients.some((client) => audience.includes(client))) return true;
  return clients.length === 0 && !('scope' in claims || 'scp' in claims);
};

/** Refuses IAM users and the root user, whose credentials are long-lived. */
const roleSession = (userArn: string): Sender => {
  const [, account, role] = session.exec(userArn) ?? bareRole.exec(userArn) ?? [];
  return account && role ? { iam: { account, role } } : unestablished('the caller is not an IAM role');
};

const session = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/;
const bareRole = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[!-~]+\/)?([\w+=,.@-]+)$/;
