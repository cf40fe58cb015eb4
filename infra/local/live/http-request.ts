import { withoutBasePath } from '../api-gateway/base-path.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';
import type { HttpAnswer, ReceivedRequest } from './observation.ts';

/** The header in which the page's retry names the retried row. */
export const retryHeader = 'x-local-retry-of';

/** Whether an HTTP request is a create. */
export const isCreate = ({ method, path }: Arrival): boolean =>
  method === 'POST' && withoutBasePath(path).startsWith('/v1/');

export const receivedRequest = ({ method, path, query, headers, body }: Arrival): ReceivedRequest => {
  const { [retryHeader]: _, ...own } = headers;
  return { method, path: query ? `${path}?${query}` : path, headers: own, body: body.toString() };
};

export const httpAnswer = ({ status, headers = {}, body = '' }: Reply): HttpAnswer => ({
  status,
  headers,
  body: body.toString(),
});
