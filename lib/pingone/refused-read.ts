import { Problem } from '../problems.ts';
import type { Answer } from '../runtime/connection.ts';
import { correlationIDOf } from './correlation-id.ts';
import { pingOneErrorIn } from './pingone-error.ts';
import { meaningOf } from './reply.ts';
import { retryAfterMs } from './retry-after.ts';

/** The problem of a read that PingOne refused; undefined for its other answers. PingOne's own 4xx are passed on. */
export const refusedRead = (answer: Answer, now: number): Problem | undefined => {
  const { status } = answer;
  const correlationID = correlationIDOf(answer);
  switch (meaningOf(status).known) {
    case 'unauthorized':
      return new Problem('PINGONE_ACCESS_FAILED', "PingOne rejected the gateway's access token.", { correlationID });
    case 'limited': {
      const facts = { retryAfterMs: retryAfterMs(answer, now), correlationID };
      return new Problem('REQUEST_LIMITED', 'PingOne limits the request rate; retry later.', facts);
    }
    case 'refused': {
      const facts = { status, correlationID, ...pingOneErrorIn(answer) };
      return new Problem('PINGONE_REFUSED', `PingOne refused the read (status ${status}).`, facts);
    }
    default:
      return undefined;
  }
};
