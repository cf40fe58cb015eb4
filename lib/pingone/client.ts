import type { AccessToken } from './access-token.ts';
import type { Send } from './connection.ts';
import type { Kept } from './kept.ts';
import { judge, judgeFailure, type Reply } from './reply.ts';
import { type CreateRequest, createCall } from './request.ts';

export interface PingOne {
  /** Sends a create once, or twice where PingOne refused the token, and says what is known then. `deadline` is in milliseconds since the epoch. */
  create(request: CreateRequest, deadline: number): Promise<Reply>;
}

export interface PingOneParts {
  readonly accessToken: Kept<AccessToken>;
  readonly send: Send;
  readonly now: () => number;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
}

export const pingOneClient = ({ accessToken, send, now, timeoutMs }: PingOneParts): PingOne => {
  const attempt = async (request: CreateRequest, token: AccessToken, deadline: number): Promise<Reply> => {
    const call = createCall(request, token);
    try {
      return judge(request.endpoint, await send(call, Math.min(timeoutMs, deadline - now())), now());
    } catch (cause) {
      return judgeFailure(cause);
    }
  };

  return {
    create: async (request, deadline) => {
      const token = await accessToken.get();
      const reply = await attempt(request, token, deadline);
      if (reply.known !== 'unauthorized') return reply;
      accessToken.drop(token);
      return attempt(request, await accessToken.get(), deadline);
    },
  };
};
