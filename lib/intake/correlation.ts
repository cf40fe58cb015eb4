import { headerNames } from '../contract.ts';
import type { Correlation } from '../pingone/request.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The ids for PingOne's audit log: the caller's own, else the W3C trace id, else the id of this request. Reduced to the
 * ASCII characters that PingOne keeps (at most 100; any other becomes `_`).
 */
export const correlationOf = (headers: Headers, requestID: string): Correlation => {
  const sessionID = headers[headerNames.sessionID];
  const transactionID = headers[headerNames.transactionID] || traceID(headers.traceparent) || requestID;
  return { transactionID: clean(transactionID), ...(sessionID && { sessionID: clean(sessionID) }) };
};

/** The id in an X-Ray trace header of API Gateway or SQS (`Root=1-…;Parent=…`). */
export const traceOf = (traceHeader = ''): string | undefined =>
  /Root=(1-[\da-f]{8}-[\da-f]{24})/.exec(traceHeader)?.[1];

const clean = (id: string) => id.replace(/[^\w.\-/@=#+]/g, '_').slice(0, 100);

/** The trace id of a `traceparent` header (W3C Trace Context); undefined for all zeros. */
const traceID = (traceparent = '') =>
  /^[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(traceparent)?.[1];
