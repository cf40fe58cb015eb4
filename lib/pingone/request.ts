import { headerNames } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';
import type { AccessToken } from './access-token.ts';
import type { Outgoing } from './connection.ts';
import type { Target } from './sockets.ts';

/** What a caller asks PingOne for, checked: one endpoint's parameters and body. */
export interface CreateRequest {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly correlation: Correlation;
}

/** The ids under which PingOne's audit log keeps what we do. */
export interface Correlation {
  readonly transactionID: string;
  readonly sessionID?: string | undefined;
}

/** The HTTP request that creates: the body is the parsed value written anew, so that it means one thing to everyone. */
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

/** The HTTP request that reads what is at a path below the API base. */
export const readCall = (path: string, token: AccessToken): Outgoing => ({
  method: 'GET',
  target: joined(token.api, path),
  headers: { authorization: `Bearer ${token.value}`, accept: 'application/json' },
});

const joined = (base: Target, path: string): Target => ({ ...base, path: base.path === '/' ? path : base.path + path });

const correlationHeaders = ({ transactionID, sessionID }: Correlation) => ({
  [headerNames.transactionID]: transactionID,
  ...(sessionID !== undefined && { [headerNames.sessionID]: sessionID }),
});
