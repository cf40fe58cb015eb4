import { cors } from '../../documents/openapi/cors.ts';
import type { Answer, Arrival } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';
import { withoutBasePath } from './base-path.ts';

/** Lets pages of these origins call the API, as API Gateway does: it answers preflights itself, for any path. */
export const withCors = (origins: readonly string[], answer: Answer): Answer => {
  if (origins.length === 0) return answer;
  return async (arrival) => {
    if (!withoutBasePath(arrival.path).startsWith('/v1/')) return answer(arrival);
    const allowed = allowedOrigin(origins, arrival);
    if (isPreflight(arrival)) return { status: 204, headers: allowed === undefined ? {} : preflightHeaders(allowed) };
    const reply = await answer(arrival);
    if (typeof reply === 'string' || allowed === undefined) return reply;
    return { ...reply, headers: { ...reply.headers, ...answerHeaders(allowed) } };
  };
};

const allowedOrigin = (origins: readonly string[], { headers: { origin } }: Arrival): string | undefined =>
  origins.find((each) => each === origin);

const isPreflight = ({ method, headers }: Arrival): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

const preflightHeaders = (origin: string): NonNullable<Reply['headers']> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-methods': cors.methods.join(),
  'access-control-allow-headers': cors.requestHeaders.join(),
  'access-control-max-age': String(cors.maxAgeSeconds),
});

const answerHeaders = (origin: string): NonNullable<Reply['headers']> => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': cors.responseHeaders.join(),
});
