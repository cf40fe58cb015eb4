import type { Endpoint } from '../endpoints/endpoint.ts';
import { Problem, type ProblemCode, type ProblemFacts } from '../problems.ts';
import { type Answer, jsonOf, NotSent } from '../runtime/connection.ts';
import { correlationIDOf } from './correlation-id.ts';
import { isPingOneError, pingOneErrorIn } from './pingone-error.ts';
import { resourceIDIn } from './resource.ts';
import { retryAfterMs } from './retry-after.ts';

/** The result of one send. */
export type Reply = Created | NotCreated | Unknown;

/** PingOne created the resource and returned its id. */
export interface Created {
  readonly known: 'created';
  readonly id: string;
  /** PingOne's own 201 body. */
  readonly text: string;
  readonly correlationID: string | undefined;
}

/**
 * This send created nothing.
 * - `notSent`, `limited`, `unauthorized`: the same may be sent again.
 * - `refused`: the same would be refused again.
 */
export interface NotCreated {
  readonly known: 'notSent' | 'limited' | 'unauthorized' | 'refused';
  readonly problem: Problem;
}

/** This send may have created the resource, or may still create it. */
export interface Unknown {
  readonly known: 'unknown';
  /** Whether PingOne itself reported a failure, or its answer was lost. */
  readonly ended: 'answered' | 'lost';
  readonly problem: Problem;
}

interface Meaning {
  readonly known: Reply['known'];
  readonly ended?: 'answered';
  readonly code: ProblemCode;
  readonly detail: string;
}

const unknown: Meaning = {
  known: 'unknown',
  code: 'OUTCOME_UNKNOWN',
  detail: 'PingOne may or may not have created the resource',
};

const notSent = {
  known: 'notSent',
  code: 'PINGONE_UNREACHABLE',
  detail: 'PingOne could not be reached; nothing was sent',
} as const;

/** Meanings of statuses: the row of the status, else of its class, else `unknown`. */
const meanings: Readonly<Record<string, Meaning>> = {
  201: { known: 'created', code: 'OUTCOME_UNKNOWN', detail: 'PingOne answered without the resource' },
  401: {
    known: 'unauthorized',
    code: 'PINGONE_ACCESS_FAILED',
    detail: "PingOne rejected the gateway's access token; nothing was created",
  },
  408: unknown,
  429: { known: 'limited', code: 'REQUEST_LIMITED', detail: 'PingOne limits the request rate; nothing was created' },
  '4xx': { known: 'refused', code: 'PINGONE_REFUSED', detail: 'PingOne refused the request; nothing was created' },
  500: { ...unknown, ended: 'answered' },
  503: { ...unknown, ended: 'answered' },
};

/** The meaning of a create's status. */
export const meaningOf = (status: number): Meaning =>
  meanings[status] ?? meanings[`${Math.floor(status / 100)}xx`] ?? unknown;

/** Judges PingOne's answer to a create: the only place where a status of PingOne's becomes an error. */
export const judge = (endpoint: Endpoint, answer: Answer, now: number): Reply => {
  const { known, ended, code, detail } = meaningOf(answer.status);
  const correlationID = correlationIDOf(answer);
  const problem = (facts: ProblemFacts = {}) =>
    new Problem(code, `${detail} (status ${answer.status}).`, { ...facts, correlationID });

  switch (known) {
    case 'created': {
      const id = resourceIDIn(jsonOf(answer.body), endpoint);
      if (id === undefined) return { known: 'unknown', ended: 'lost', problem: problem() };
      return { known, id, text: answer.body.toString(), correlationID };
    }
    case 'unknown':
      // A 500 or 503 without a PingOne error comes from a proxy, which may have stopped waiting for PingOne.
      return { known, ended: (isPingOneError(jsonOf(answer.body)) && ended) || 'lost', problem: problem() };
    case 'limited':
      return { known, problem: problem({ retryAfterMs: retryAfterMs(answer, now) }) };
    case 'refused':
      return { known, problem: problem({ status: answer.status, ...pingOneErrorIn(answer) }) };
    default:
      return { known, problem: problem() };
  }
};

/** Judges a send that threw: without NotSent, PingOne may have read the request (see connection.ts). */
export const judgeFailure = (cause: unknown): NotCreated | Unknown =>
  cause instanceof NotSent
    ? { known: notSent.known, problem: new Problem(notSent.code, `${notSent.detail}.`, { cause }) }
    : { known: 'unknown', ended: 'lost', problem: new Problem(unknown.code, `${unknown.detail}.`, { cause }) };
