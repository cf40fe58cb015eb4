import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { Problem, type ProblemCode, type ProblemFacts } from '../errors.ts';
import { type Answer, AnswerLost, jsonOf } from './connection.ts';
import { pingOneErrorIn } from './pingone-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** What is known after one send. */
export type Reply = Created | NotCreated;

/** PingOne made the resource and said which. */
export interface Created {
  readonly known: 'created';
  readonly id: string;
  /** PingOne's own 201 body. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * - `notSent`, `limited`, `unauthorized`: nothing was made, and the same may be sent again.
 * - `refused`: nothing was made, and the same would be refused again.
 * - `unknown`: it may have been made.
 */
export interface NotCreated {
  readonly known: 'notSent' | 'limited' | 'unauthorized' | 'refused' | 'unknown';
  readonly problem: Problem;
}

interface Meaning {
  readonly known: Reply['known'];
  readonly code: ProblemCode;
  readonly detail: string;
}

const unknown = {
  known: 'unknown',
  code: 'OUTCOME_UNKNOWN',
  detail: 'PingOne may or may not have made the resource',
} as const;

const notSent = {
  known: 'notSent',
  code: 'PINGONE_UNREACHABLE',
  detail: 'PingOne could not be reached; nothing was sent',
} as const;

/** What a status means. The most exact row counts: the status, else its class, else it is unknown. */
const meanings: Readonly<Record<string, Meaning>> = {
  201: { known: 'created', code: 'OUTCOME_UNKNOWN', detail: 'PingOne answered 201 without the resource' },
  401: {
    known: 'unauthorized',
    code: 'PINGONE_ACCESS_FAILED',
    detail: "PingOne does not take the gateway's access token; nothing was made",
  },
  408: unknown,
  429: { known: 'limited', code: 'REQUEST_LIMITED', detail: 'PingOne limits the rate of requests; nothing was made' },
  '4xx': { known: 'refused', code: 'PINGONE_REFUSED', detail: 'PingOne refused the request; nothing was made' },
};

const meaningOf = (status: number): Meaning => meanings[status] ?? meanings[`${Math.floor(status / 100)}xx`] ?? unknown;

/** Judges PingOne's answer to a create: the only place where a status of PingOne's becomes an error. */
export const judge = (endpoint: Endpoint, answer: Answer, now: number): Reply => {
  const meaning = meaningOf(answer.status);
  const correlationID = answer.headers['correlation-id']?.toString();
  if (meaning.known !== 'created') return notCreated(meaning, answer, correlationID, now);
  const resource = z.safeParse(endpoint.resource, jsonOf(answer.body));
  if (resource.success) return { known: 'created', id: resource.data.id, text: answer.body.toString(), correlationID };
  return { known: 'unknown', problem: new Problem(meaning.code, `${meaning.detail}.`, { correlationID }) };
};

/** Judges a send that threw (see connection.ts). */
export const judgeFailure = (cause: unknown): NotCreated => {
  const { known, code, detail } = cause instanceof AnswerLost ? unknown : notSent;
  return { known, problem: new Problem(code, `${detail}.`, { cause }) };
};

const notCreated = (meaning: Meaning, answer: Answer, correlationID: string | undefined, now: number): NotCreated => {
  const { known, code, detail } = meaning;
  if (known === 'created') throw new TypeError('a 201 is judged by its body');
  const facts: ProblemFacts = {
    correlationID,
    ...(known === 'limited' && { retryAfterMs: retryAfterMs(answer, now) }),
    ...(known === 'refused' && { status: answer.status, ...pingOneErrorIn(answer) }),
  };
  return { known, problem: new Problem(code, `${detail} (status ${answer.status}).`, facts) };
};
