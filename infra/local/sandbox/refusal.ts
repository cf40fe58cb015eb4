import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../reply.ts';

/** One fault of a request, as PingOne lists it. */
export interface Detail {
  readonly code: string;
  readonly target?: string;
  readonly message: string;
  readonly innerError?: Readonly<Record<string, unknown>>;
}

/** 401: no access token, or one that is unknown, revoked or expired. */
export const invalidToken = (): Reply =>
  refusal(401, 'ACCESS_FAILED', 'The request could not be completed. You do not have access to this resource.', [
    { code: 'INVALID_TOKEN', message: 'The access token is missing, invalid or expired.' },
  ]);

/** 404: no such resource, collection, environment or API server. */
export const notFound = (): Reply =>
  refusal(404, 'NOT_FOUND', 'The request could not be completed. The requested resource was not found.');

/** 415: a create takes application/json alone. */
export const unsupportedMediaType = (): Reply =>
  refusal(415, 'INVALID_REQUEST', 'The request could not be completed. The content type is not supported.');

/** 400: the body is no JSON object. */
export const malformed = (): Reply =>
  refusal(400, 'INVALID_REQUEST', 'The request could not be completed. The request was malformed.');

/** 400: the body breaks the rules of its members. */
export const invalidData = (details: readonly Detail[]): Reply =>
  refusal(
    400,
    'INVALID_DATA',
    'The request could not be completed. One or more validation errors were in the request.',
    details,
  );

/** 400: the collection is full. */
export const quotaReached = (quotaLimit: number): Reply =>
  invalidData([
    {
      code: 'SIZE_LIMIT_EXCEEDED',
      message: `No more than ${quotaLimit} resources are allowed.`,
      innerError: { quotaLimit },
    },
  ]);

const refusal = (status: number, code: string, message: string, details?: readonly Detail[]): Reply =>
  json(status, { id: randomUUID(), code, message, details });
