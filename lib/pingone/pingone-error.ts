import * as z from 'zod/mini';
import { maximumFaults, type ProblemFacts } from '../errors.ts';
import { type Answer, jsonOf } from './connection.ts';

/** Codes get into ledger, logs and outcomes, so what doesn't look like one of PingOne's, and may be anything, is replaced. */
const code = () =>
  z.pipe(
    z.string(),
    z.transform((text) => (/^[A-Z][A-Z\d_]{0,63}$/.test(text) ? text : 'REQUEST_FAILED')),
  );

const detail = () =>
  z.object({
    code: code(),
    message: z.string(),
    target: z.optional(z.string()),
    innerError: z.optional(z.record(z.string(), z.unknown())),
  });

/** PingOne's error model (PingOne API, "Error codes"); the enumerations are open, since PingOne's are. */
const pingOneError = z.lazy(() =>
  z.object({
    id: z.optional(z.string()),
    code: code(),
    message: z.string(),
    details: z.optional(z.array(detail())),
  }),
);

/** PingOne's own error where the body is one, else its usual code for the status: other bodies may hold anything. */
export const pingOneErrorIn = ({ status, body }: Answer): Pick<ProblemFacts, 'upstream' | 'faults'> => {
  const parsed = z.safeParse(pingOneError, jsonOf(body));
  if (parsed.success) {
    const { details, ...upstream } = parsed.data;
    return { upstream, faults: details?.slice(0, maximumFaults) };
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
