import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { withoutBasePath } from '../api-gateway/base-path.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { type RecordedRequest, recordOf } from '../loopback/recorded-request.ts';
import type { Reply } from '../loopback/reply.ts';
import type { HttpAnswer } from './observation.ts';

/** The header in which the page's retry names the retried row. */
export const retryHeader = 'x-local-retry-of';

/** Whether an HTTP request is a create; a deployment is none. */
export const isCreate = ({ method, path }: Arrival): boolean => {
  const ours = withoutBasePath(path);
  const isDeployment = endpoints.some(({ deployment }) => deployment && matchPath(`/v1${deployment.path}`, ours));
  return method === 'POST' && ours.startsWith('/v1/') && !isDeployment;
};

export const receivedRequest = (arrival: Arrival): RecordedRequest => {
  const { [retryHeader]: _, ...headers } = arrival.headers;
  return { ...recordOf(arrival), headers };
};

export const httpAnswer = ({ status, headers = {}, body = '' }: Reply): HttpAnswer => ({
  status,
  headers,
  body: body.toString(),
});
