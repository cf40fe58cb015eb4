import * as z from 'zod/mini';
import { Problem } from '../problems.ts';
import { type Answer, jsonOf, type Outgoing, type Send } from '../runtime/connection.ts';
import type { Log } from '../runtime/logger.ts';
import type { Target } from '../runtime/sockets.ts';
import { type Cached, cached } from './cached.ts';
import type { Credentials } from './credentials.ts';
import { lenient } from './lenient.ts';
import { retryAfterMs } from './retry-after.ts';

/** An access token and its API. */
export interface AccessToken {
  readonly value: string;
  readonly api: Target;
}

/** RFC 6749 5.1, and A.12 for a token's characters; some servers send the lifetime as a string, or omit it. */
const grant = z.object({
  access_token: z.string().check(z.regex(/^[ -~]+$/)),
  expires_in: lenient(z.union([z.number(), z.pipe(z.string().check(z.regex(/^\d{1,9}$/)), z.transform(Number))])),
});
const grantError = z.object({ error: z.string() });

/** In seconds, for a grant without `expires_in`: too short costs a token request, too long a refused create. */
const assumedLifetime = 300;

const renewBeforeMs = 60_000;
/** How long a failure is remembered, unless PingOne asks for a longer wait. */
const keepFailureMs = 10_000;

/**
 * The worker application's access token (OAuth 2.0 client credentials), cached until a minute before it expires.
 * If the token endpoint refuses the client, the secret is read once more: it may have been rotated.
 * @throws Problem PINGONE_ACCESS_FAILED or PINGONE_UNREACHABLE
 */
export const cachedAccessToken = (
  credentials: Pick<Cached<Credentials>, 'get' | 'drop'>,
  send: Send,
  now: () => number,
  timeoutMs: number,
  log: Log,
): Cached<AccessToken> =>
  cached(
    async () => {
      log('info', { refreshed: 'token' });
      const first = await credentials.get();
      const answer = await request(first, send, timeoutMs);
      if (!isClientRefused(answer)) return grantedBy(answer, first, now);
      credentials.drop(first);
      const second = await credentials.get();
      return grantedBy(
        second.clientSecret === first.clientSecret ? answer : await request(second, send, timeoutMs),
        second,
        now,
      );
    },
    now,
    (error) => Math.max(keepFailureMs, error instanceof Problem ? (error.facts.retryAfterMs ?? 0) : 0),
  );

const request = async (credentials: Credentials, send: Send, timeoutMs: number): Promise<Answer> => {
  try {
    return await send(tokenRequest(credentials), timeoutMs);
  } catch (cause) {
    throw new Problem('PINGONE_UNREACHABLE', "PingOne's token endpoint could not be reached.", { cause });
  }
};

const tokenRequest = ({ clientID, clientSecret, method, tokens }: Credentials): Outgoing => {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (method === 'client_secret_post') {
    body.set('client_id', clientID);
    body.set('client_secret', clientSecret);
  } else {
    // RFC 6749 2.3.1 form-encodes both. Characters that need no encoding stay, for servers that don't decode.
    const pair = `${encodeURIComponent(clientID)}:${encodeURIComponent(clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return { method: 'POST', target: tokens, headers, body: body.toString() };
};

/** RFC 6749 5.2: the error `invalid_client`, or a 401, which has no other meaning. */
const isClientRefused = ({ status, body }: Answer): boolean =>
  status === 401 ||
  (status >= 400 &&
    status < 500 &&
    z.safeParse(grantError, jsonOf(body)).data?.error.toLowerCase() === 'invalid_client');

const grantedBy = (answer: Answer, { api }: Credentials, now: () => number) => {
  const granted = z.safeParse(grant, jsonOf(answer.body));
  if (answer.status === 200 && granted.success) {
    const { access_token: value, expires_in: lifetime = assumedLifetime } = granted.data;
    return { value: { value, api }, until: now() + lifetime * 1000 - renewBeforeMs };
  }
  if (answer.status === 429 || answer.status >= 500) {
    throw new Problem('PINGONE_UNREACHABLE', `PingOne's token endpoint answered ${answer.status}.`, {
      retryAfterMs: retryAfterMs(answer, now()),
    });
  }
  throw new Problem('PINGONE_ACCESS_FAILED', `PingOne refused the gateway an access token (status ${answer.status}).`);
};
