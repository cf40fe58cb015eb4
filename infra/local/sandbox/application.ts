import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../../lib/runtime/clock.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { mediaType } from '../loopback/media-type.ts';
import { json, type Reply } from '../loopback/reply.ts';

/** How an application authenticates to the token endpoint. PingOne takes the configured method alone. */
export type TokenEndpointAuthMethod = 'client_secret_basic' | 'client_secret_post';

/** Seconds that an access token lives. */
const tokenLifetime = 3600;

/** The worker application of the sandbox, and the token endpoint of its environment. */
export const createApplication = (tokenEndpointAuthMethod: TokenEndpointAuthMethod, clock: Clock) => {
  const clientId = randomUUID();
  const expiries = new Map<string, number>();
  let clientSecret = freshSecret();

  /** Answers a token request. */
  const token = (arrival: Arrival): Reply => {
    if (mediaType(arrival.headers) !== 'application/x-www-form-urlencoded') {
      return tokenError(400, 'invalid_request', 'Content type must be application/x-www-form-urlencoded');
    }
    const form = new URLSearchParams(arrival.body.toString());
    const client = basicClient(arrival.headers.authorization) ?? postedClient(form);
    if (client?.method !== tokenEndpointAuthMethod) {
      return tokenError(401, 'invalid_client', 'Unsupported authentication method');
    }
    if (client.id !== clientId || client.secret !== clientSecret) {
      return tokenError(401, 'invalid_client', 'Invalid client or client credentials');
    }
    if (form.get('grant_type') !== 'client_credentials') {
      return form.has('grant_type')
        ? tokenError(400, 'unsupported_grant_type', 'The application has only the grant type client_credentials')
        : tokenError(400, 'invalid_request', 'Missing grant_type');
    }
    const accessToken = randomBytes(48).toString('base64url');
    expiries.set(accessToken, clock.now() + tokenLifetime * 1000);
    const body = { access_token: accessToken, token_type: 'Bearer', expires_in: tokenLifetime };
    return json(200, body, { 'cache-control': 'no-store' });
  };

  return {
    clientId,
    get clientSecret() {
      return clientSecret;
    },
    // Not the environment of any example: an application may create in other environments than its own.
    environmentID: randomUUID(),
    tokenEndpointAuthMethod,
    token,
    /** Whether an `Authorization` header has a live access token of this application. */
    accepts: (authorization: string | undefined): boolean => {
      const expiry = expiries.get(/^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '');
      return expiry !== undefined && clock.now() < expiry;
    },
    /** Replaces the secret; tokens stay valid. */
    rotateSecret: (): void => {
      clientSecret = freshSecret();
    },
    /** Ends every access token now. */
    revokeTokens: (): void => expiries.clear(),
  };
};

/** Like PingOne's secrets, with characters that RFC 6749 encodes in a Basic header. */
const freshSecret = () => `~${randomBytes(36).toString('base64url')}.`;

const tokenError = (status: number, error: string, description: string): Reply =>
  json(status, { error, error_description: description });

/** RFC 6749 2.3.1: id and secret are form-encoded before they are joined. */
const basicClient = (authorization: string | undefined) => {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return { method: 'client_secret_basic', id: formDecode(id), secret: formDecode(secret.join(':')) } as const;
};

const postedClient = (form: URLSearchParams) => {
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  return id === null || secret === null ? undefined : ({ method: 'client_secret_post', id, secret } as const);
};

const formDecode = (value: string): string => new URLSearchParams(`v=${value.replaceAll('&', '%26')}`).get('v') ?? '';
