import * as z from 'zod/mini';
import type { ProblemFacts } from '../errors.ts';
import { type Answer, jsonOf } from './connection.ts';

const detail = z.object({
  code: z.string(),
  message: z.string(),
  target: z.optional(z.string()),
  innerError: z.optional(z.record(z.string(), z.unknown())),
});

/** PingOne's error model (PingOne API, "Error codes"); the enumerations are open, since PingOne's are. */
const pingOneError = z.object({
  id: z.optional(z.string()),
  code: z.string(),
  message: z.string(),
  details: z.optional(z.array(detail)),
});

/** PingOne's own error where the body is one, else its usual code for the status: other bodies may hold anything. */
export const pingOneErrorIn = ({ status, body }: Answer): Pick<ProblemFacts, 'upstream' | 'faults'> => {
  const parsed = z.safeParse(pingOneError, jsonOf(body));
  if (parsed.success) {
    const { details, ...upstream } = parsed.data;
    return { upstream, faults: details };
  }
  return { upstream: { code: codes[status] ?? 'REQUEST_FAILED', message: `PingOne answered ${status}.` } };
};

export const isPingOneError = ({ body }: Answer): boolean => z.safeParse(pingOneError, jsonOf(body)).success;

const codes: Readonly<Record<number, string>> = {
  400: 'INVALID_DATA',
  403: 'ACCESS_FAILED',
  404: 'NOT_FOUND',
  415: 'INVALID_REQUEST',
};
