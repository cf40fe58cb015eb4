import { randomUUID } from 'node:crypto';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { localClient } from '../gateway/local-grants.ts';
import type { Page } from '../loopback/loopback.ts';
import { json } from '../loopback/reply.ts';

/** How the issuer signs. */
export const algorithm = 'ES256';

interface TokenRequest {
  readonly clientId: string;
  /** Space-separated. */
  readonly scope: string;
  /** In seconds; an hour by default. */
  readonly expiresIn?: number;
  /** Claims that replace the issuer's own. */
  readonly claims?: JWTPayload;
}

/** An OAuth issuer for one run, whose tokens have these roles: its key is new and never leaves the process. */
export const createIssuer = async (url: string, audience: string, roles: readonly string[] = []) => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);

  const token = ({ clientId, scope, expiresIn = 3600, claims = {} }: TokenRequest): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: url, aud: audience, sub: clientId, client_id: clientId, scope, iat: now, jti: randomUUID() };
    const rolesClaim = roles.length > 0 && { roles };
    return new SignJWT({ ...own, exp: now + expiresIn, ...rolesClaim, ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
      .sign(privateKey);
  };

  /** Grants a token to any client, so a person can call as each caller of a grants file. */
  const tokenPage: Page = async ({ body }) => {
    const form = new URLSearchParams(body.toString());
    if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
    const scope = form.get('scope') ?? '';
    const accessToken = await token({ clientId: form.get('client_id') ?? localClient, scope });
    return json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: 3600, scope });
  };

  return { url, audience, publicKey, token, pages: { [`POST ${new URL(url).pathname}/token`]: tokenPage } };
};

/** The local issuer. */
export type Issuer = Awaited<ReturnType<typeof createIssuer>>;
