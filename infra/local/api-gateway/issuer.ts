import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { localClient } from '../gateway/local-grants.ts';
import { json } from '../loopback/reply.ts';
import type { Page } from '../web/page.ts';

/** How the issuer signs. */
export const algorithm = 'ES256';

export interface TokenRequest {
  readonly clientId: string;
  /** Space-separated. */
  readonly scope: string;
  /** In seconds; an hour by default. */
  readonly expiresIn?: number;
  /** Claims that take the place of the issuer's own. */
  readonly claims?: JWTPayload;
}

/** An OAuth issuer for this run alone: its key is made at the start and never leaves the process. */
export const createIssuer = async (url: string, audience: string) => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: randomUUID(), alg: algorithm, use: 'sig' }] };
  const kid = jwks.keys[0]?.kid;

  const token = ({ clientId, scope, expiresIn = 3600, claims = {} }: TokenRequest): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: url, aud: audience, sub: clientId, client_id: clientId, scope, iat: now, jti: randomUUID() };
    return new SignJWT({ ...own, exp: now + expiresIn, ...claims })
      .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
      .sign(privateKey);
  };

  return {
    url,
    audience,
    /** Verifies with the public key. */
    keys: createLocalJWKSet(jwks),
    /** Signs an access token. */
    token,
    /** What it serves, by method and path below the issuer's origin. */
    pages: pagesOf(url, jwks, token),
  };
};

/** The local issuer. */
export type Issuer = Awaited<ReturnType<typeof createIssuer>>;

const pagesOf = (
  url: string,
  jwks: unknown,
  token: (request: TokenRequest) => Promise<string>,
): Record<string, Page> => {
  const base = new URL(url).pathname;
  return {
    [`GET ${base}/.well-known/openid-configuration`]: async () =>
      json(200, {
        issuer: url,
        jwks_uri: `${url}/jwks`,
        token_endpoint: `${url}/token`,
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['none'],
        id_token_signing_alg_values_supported: [algorithm],
        response_types_supported: [],
        subject_types_supported: ['public'],
      }),
    [`GET ${base}/jwks`]: async () => json(200, jwks),
    [`POST ${base}/token`]: async ({ body }) => {
      const form = new URLSearchParams(body.toString());
      if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
      const scope = form.get('scope') ?? '';
      const accessToken = await token({ clientId: form.get('client_id') ?? localClient, scope });
      return json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: 3600, scope });
    },
  };
};
