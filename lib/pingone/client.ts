import type { Endpoint } from '../endpoints/endpoint.ts';
import type { AccessToken } from './access-token.ts';
import type { Answer, Outgoing, Send } from './connection.ts';
import type { Kept } from './kept.ts';
import { listPages, type Resource } from './list.ts';
import { judge, judgeFailure, type Reply } from './reply.ts';
import { type CreateRequest, createCall, pathOf, readCall } from './request.ts';

export type Parameters = CreateRequest['parameters'];

/** What can be asked of PingOne about one endpoint. Deadlines are in milliseconds since the epoch. */
export interface PingOne {
  /** The token that is in use. Throws Problem PINGONE_ACCESS_FAILED or PINGONE_UNREACHABLE. */
  token(): Promise<AccessToken>;
  /** Forgets a token that PingOne refused. */
  refused(token: AccessToken): void;
  /** Sends a create and says what is known then. */
  create(request: CreateRequest, token: AccessToken, deadline: number): Promise<Reply>;
  /** Every resource of the collection. Throws when that can't be had whole. */
  list(endpoint: Endpoint, parameters: Parameters, deadline: number): Promise<readonly Resource[]>;
  /** PingOne's answer for one resource, whatever its status. Throws when there is none. */
  read(endpoint: Endpoint, parameters: Parameters, id: string, deadline: number): Promise<Answer>;
}

export interface PingOneParts {
  readonly accessToken: Kept<AccessToken>;
  readonly send: Send;
  readonly now: () => number;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
}

export const pingOneClient = ({ accessToken, send, now, timeoutMs }: PingOneParts): PingOne => {
  const attempt = (call: Outgoing, deadline: number) => send(call, Math.max(1, Math.min(timeoutMs, deadline - now())));

  const get = async (path: string, deadline: number): Promise<Answer> => {
    const token = await accessToken.get();
    const answer = await attempt(readCall(path, token), deadline);
    if (answer.status !== 401) return answer;
    accessToken.drop(token);
    return attempt(readCall(path, await accessToken.get()), deadline);
  };

  return {
    token: accessToken.get,
    refused: accessToken.drop,

    create: (request, token, deadline) =>
      attempt(createCall(request, token), deadline).then(
        (answer) => judge(request.endpoint, answer, now()),
        (cause) => judgeFailure(cause),
      ),

    list: (endpoint, parameters, deadline) => listPages(pathOf(endpoint, parameters), (path) => get(path, deadline)),

    read: (endpoint, parameters, id, deadline) =>
      get(`${pathOf(endpoint, parameters)}/${encodeURIComponent(id)}`, deadline),
  };
};
