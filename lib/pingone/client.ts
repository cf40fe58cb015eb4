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
  /** Sends a create, once more where PingOne refused the token, and says what is known then. Throws only for want of a token. */
  create(request: CreateRequest, deadline: number): Promise<Reply>;
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

  /** A refused token has had no effect, so that the same may be done with a new one. */
  const authorised = async <Result>(
    act: (token: AccessToken) => Promise<Result>,
    unauthorised: (result: Result) => boolean,
  ): Promise<Result> => {
    const token = await accessToken.get();
    const result = await act(token);
    if (!unauthorised(result)) return result;
    accessToken.drop(token);
    return act(await accessToken.get());
  };

  const get = (path: string, deadline: number) =>
    authorised(
      (token) => attempt(readCall(path, token), deadline),
      ({ status }) => status === 401,
    );

  return {
    create: (request, deadline) =>
      authorised<Reply>(
        (token) =>
          attempt(createCall(request, token), deadline).then(
            (answer) => judge(request.endpoint, answer, now()),
            (cause) => judgeFailure(cause),
          ),
        ({ known }) => known === 'unauthorized',
      ),

    list: (endpoint, parameters, deadline) => listPages(pathOf(endpoint, parameters), (path) => get(path, deadline)),

    read: (endpoint, parameters, id, deadline) =>
      get(`${pathOf(endpoint, parameters)}/${encodeURIComponent(id)}`, deadline),
  };
};
