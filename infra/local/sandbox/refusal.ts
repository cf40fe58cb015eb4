import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../loopback/reply.ts';

/** One fault of a request, as PingOne lists it. */
export interface Detail {
  readonly code: string;
  readonly target?: string;
  readonly message: string;
  readonly innerError?: Readonly<Record<string, unknown>>;
}

/** 401: no access token, or one that is unknown, revoked or expired. */
export const invalidToken = (): Reply =>
  incomplete(401, 'ACCESS_FAILED', 'You do not have access to this resource.', [
    { code: 'INVALID_TOKEN', message: 'The access token is missing, invalid or expired.' },
  ]);

/** 404: no such resource, collection, environment or API server. */
export const notFound = (): Reply => incomplete(404, 'NOT_FOUND', 'The requested resource was not found.');

/** 415: a create takes application/json alone. */
export const unsupportedMediaType = (): Reply =>
  incomplete(415, 'INVALID_REQUEST', 'The content type is not supported.');

/** 400: the body is no JSON object. */
export const malformed = (): Reply => incomplete(400, 'INVALID_REQUEST', 'The request was malformed.');

/** 400: the body breaks the rules of its members. */
export const invalidData = (details: readonly Detail[]): Reply =>
  incomplete(400, 'INVALID_DATA', 'One or more validation errors were in the request.', details);

/** 400: the collection is full. */
export const quotaReached = (quotaLimit: number): Reply => {
  const message = `No more than ${quotaLimit} resources are allowed.`;
  return invalidData([{ code: 'SIZE_LIMIT_EXCEEDED', message, innerError: { quotaLimit } }]);
};

/** 400: the collection has a resource of that name. */
export const nameTaken = (name: string): Reply =>
  invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'name', message: `The name ${name} is taken.` }]);

/** 429: too many requests; `retryAfter` is the header's value. */
export const limited = (retryAfter: string | undefined): Reply => {
  const details = [{ code: 'LIMIT_EXCEEDED', message: 'Too many requests.' }];
  const headers: Reply['headers'] = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return incomplete(429, 'REQUEST_LIMITED', 'The rate limit was exceeded.', details, headers);
};

/** 500, 503: PingOne's own failures. */
export const failed = (status: 500 | 503): Reply =>
  incomplete(status, status === 500 ? 'UNEXPECTED_ERROR' : 'SERVICE_UNAVAILABLE', 'An unexpected error occurred.');

const incomplete: typeof refusal = (status, code, reason, ...more) =>
  refusal(status, code, `The request could not be completed. ${reason}`, ...more);

/** An error in PingOne's form. */
export const refusal = (
  status: number,
  code: string,
  message: string,
  details?: readonly Detail[],
  headers?: Reply['headers'],
): Reply => json(status, { id: randomUUID(), code, message, details }, headers);
