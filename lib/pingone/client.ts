import type { Endpoint } from '../endpoints/endpoint.ts';
import { fillPath } from '../endpoints/path.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Answer, Outgoing, Send } from '../runtime/connection.ts';
import { DeadlineExceeded, within } from '../runtime/within.ts';
import type { AccessToken } from './access-token.ts';
import type { Cached } from './cached.ts';
import { listPages, type Resource } from './list.ts';
import { judge, judgeFailure, type Reply } from './reply.ts';
import { type CreateRequest, createCall, readCall } from './request.ts';

export type PathParameters = CreateRequest['parameters'];

/** PingOne's API. Deadlines are in milliseconds since the epoch. */
export interface PingOne {
  /** Returns the current token. @throws Problem PINGONE_ACCESS_FAILED or PINGONE_UNREACHABLE */
  token(deadline: number): Promise<AccessToken>;
  /** Forgets a token that PingOne refused. */
  refused(token: AccessToken): void;
  /** Sends a create and judges its answer. */
  create(request: CreateRequest, token: AccessToken, deadline: number): Promise<Reply>;
  /** Lists every resource of the collection. Throws if it can't be read whole. */
  list(endpoint: Endpoint, parameters: PathParameters, deadline: number): Promise<readonly Resource[]>;
  /** Returns PingOne's answer for a path, regardless of its status. Throws if there is no answer. */
  get(path: string, deadline: number): Promise<Answer>;
  /** Returns PingOne's answer for one resource, regardless of its status. Throws if there is no answer. */
  read(endpoint: Endpoint, parameters: PathParameters, id: string, deadline: number): Promise<Answer>;
}

export interface PingOneParts {
  readonly accessToken: Cached<AccessToken>;
  readonly send: Send;
  readonly clock: Clock;
  /** Time-out of one call, in milliseconds. */
  readonly timeoutMs: number;
}

export const pingOneClient = ({ accessToken, send, clock, timeoutMs }: PingOneParts): PingOne => {
  const { now } = clock;

  /** Concurrent calls share one load; each waits only until its own deadline. */
  const token = async (deadline: number): Promise<AccessToken> => {
    try {
      return await within(clock, deadline, accessToken.get);
    } catch (cause) {
      if (!(cause instanceof DeadlineExceeded)) throw cause;
      throw new Problem('PINGONE_UNREACHABLE', 'The gateway got no access token from PingOne in time.', { cause });
    }
  };

  const sendBy = (call: Outgoing, deadline: number) => send(call, Math.max(1, Math.min(timeoutMs, deadline - now())));

  const get = async (path: string, deadline: number): Promise<Answer> => {
    const first = await token(deadline);
    const answer = await sendBy(readCall(path, first), deadline);
    if (answer.status !== 401) return answer;
    accessToken.drop(first);
    return sendBy(readCall(path, await token(deadline)), deadline);
  };

  return {
    token,
    refused: accessToken.drop,
    get,

    create: (request, used, deadline) =>
      sendBy(createCall(request, used), deadline).then(
        (answer) => judge(request.endpoint, answer, now()),
        (cause) => judgeFailure(cause),
      ),

    list: (endpoint, parameters, deadline) =>
      listPages(fillPath(endpoint.path, parameters), (path) => get(path, deadline), now),

    read: (endpoint, parameters, id, deadline) =>
      get(`${fillPath(endpoint.path, parameters)}/${encodeURIComponent(id)}`, deadline),
  };
};
