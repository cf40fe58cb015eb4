import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Arrival } from '../loopback/loopback.ts';
import { json, type Reply } from '../loopback/reply.ts';
import { algorithm, type Issuer } from './issuer.ts';

/** The part of an event from API Gateway's JWT authorizer. All claims are strings. */
interface JwtAuthorization {
  readonly jwt: { readonly claims: Record<string, string>; readonly scopes: string[] | null };
}

/** The part of an event from API Gateway's authorizer: the token's claims, or the signer of the request. */
export type Authorization = JwtAuthorization | { readonly iam: { readonly userArn: string } };

/** Lets a request in with its token's claims or its signer, or answers it. A route without scopes takes every valid token. */
export type Authorize = (
  arrival: Arrival,
  routeScopes: readonly string[],
) => Promise<{ readonly authorizer: Authorization } | { readonly reply: Reply }>;

/**
 * API Gateway's JWT authorizer: checks signature, issuer, audience (`aud`, or else `client_id`), times, and that the
 * token has one of the route's scopes.
 */
export const createAuthorizer =
  ({ url, audience, publicKey }: Issuer): Authorize =>
  async ({ headers: { authorization } }, routeScopes) => {
    if (!authorization) return { reply: unauthorized('Bearer') };
    const token = authorization.replace(/^Bearer /i, '');
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        issuer: url,
        algorithms: [algorithm],
        requiredClaims: ['exp'],
      });
      if (!isFor(payload, audience)) return { reply: invalidToken('the token does not have a valid audience') };
      const scopes = scopesOf(payload);
      if (routeScopes.length > 0 && !routeScopes.some((scope) => scopes.includes(scope))) return { reply: forbidden };
      return { authorizer: { jwt: { claims: claimsOf(payload), scopes: routeScopes.length > 0 ? scopes : null } } };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return {
        reply: invalidToken(error instanceof errors.JWTExpired ? 'the token has expired' : 'the token is invalid'),
      };
    }
  };

/** Lets every request in, as one client. */
export const alwaysAs =
  (client: string, { url }: Issuer): Authorize =>
  async (_arrival, scopes) => ({
    authorizer: {
      jwt: { claims: { iss: url, sub: client, client_id: client, scope: scopes.join(' ') }, scopes: [...scopes] },
    },
  });

const isFor = ({ aud, client_id }: JWTPayload, audience: string): boolean =>
  [aud ?? client_id].flat().includes(audience);

const scopesOf = ({ scope, scp }: JWTPayload): string[] => {
  const scopes = scope ?? scp;
  if (typeof scopes === 'string') return scopes.split(' ').filter(Boolean);
  return Array.isArray(scopes) ? scopes.map(String) : [];
};

/** As API Gateway writes them: numbers as text, lists as `[a b]`, null not at all. */
const claimsOf = (payload: JWTPayload): Record<string, string> =>
  Object.fromEntries(
    Object.entries(payload)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, claimText(value)]),
  );

const claimText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const forbidden = json(403, { message: 'Forbidden' });

const unauthorized = (challenge: string): Reply =>
  json(401, { message: 'Unauthorized' }, { 'www-authenticate': challenge });

const invalidToken = (description: string): Reply =>
  unauthorized(`Bearer scope="" error="invalid_token" error_description="${description}"`);
