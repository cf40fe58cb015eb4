import type { IncomingHttpHeaders } from 'node:http';
import type { Arrival } from './loopback.ts';

/** A request as it was received; the live page shows it masked. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const recordOf = ({ method, path, query, headers, body }: Arrival): RecordedRequest => ({
  method,
  path: query ? `${path}?${query}` : path,
  headers,
  body: body.toString(),
});
