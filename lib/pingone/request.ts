import { headerNames } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';
import type { Outgoing } from '../runtime/connection.ts';
import type { Target } from '../runtime/sockets.ts';
import type { AccessToken } from './access-token.ts';

/** A validated create: one endpoint's parameters and body. */
export interface CreateRequest {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly correlation: Correlation;
}

/** The ids of our calls in PingOne's audit log. */
export interface Correlation {
  readonly transactionID: string;
  readonly sessionID?: string | undefined;
}

/** The HTTP request of a create. The body is serialised from the parsed value, so that every parser reads the same. */
export const createCall = (request: CreateRequest, token: AccessToken): Outgoing => {
  const body = JSON.stringify(request.body);
  return {
    method: 'POST',
    target: joined(token.api, fillPath(request.endpoint.path, request.parameters)),
    headers: {
      authorization: `Bearer ${token.value}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      accept: 'application/json',
      ...correlationHeaders(request.correlation),
    },
    body,
  };
};

/** The HTTP request that reads a path below the API base. */
export const readCall = (path: string, token: AccessToken): Outgoing => ({
  method: 'GET',
  target: joined(token.api, path),
  headers: { authorization: `Bearer ${token.value}`, accept: 'application/json' },
});

/** The HTTP request of a deployment, which has no body. */
export const deployCall = (path: string, contentType: string, token: AccessToken): Outgoing => ({
  method: 'POST',
  target: joined(token.api, path),
  headers: {
    authorization: `Bearer ${token.value}`,
    'content-type': contentType,
    'content-length': '0',
    accept: 'application/json',
  },
});

const joined = (base: Target, path: string): Target => ({ ...base, path: base.path === '/' ? path : base.path + path });

const correlationHeaders = ({ transactionID, sessionID }: Correlation) => ({
  [headerNames.transactionID]: transactionID,
  ...(sessionID !== undefined && { [headerNames.sessionID]: sessionID }),
});
