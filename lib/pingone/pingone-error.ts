import * as z from 'zod/mini';
import { maximumViolations, type ProblemFacts, type Violation } from '../problems.ts';
import { type Answer, jsonOf } from '../runtime/connection.ts';
import { valueAt } from '../validation/members.ts';
import { lenient } from './lenient.ts';

/** Codes get into ledger, logs and outcomes, so a text without the form of a PingOne code is replaced. */
const code = () =>
  z.pipe(
    z.string(),
    z.transform((text) => (/^[A-Z][A-Z\d_]{0,63}$/.test(text) ? text : 'REQUEST_FAILED')),
  );

const text = () => lenient(z.string());

const detail = () =>
  z.object({
    code: lenient(code()),
    message: text(),
    target: text(),
    innerError: lenient(z.record(z.string(), z.unknown())),
  });

/**
 * PingOne's error model (PingOne API, "Error codes"); the enumerations are open, as PingOne's are. It has a code with a
 * message or an id: other servers' errors have only a message.
 */
const pingOneError = z.lazy(() =>
  z
    .object({ id: text(), code: code(), message: text(), details: lenient(z.array(lenient(detail()))) })
    .check(z.refine(({ id, message }) => id !== undefined || message !== undefined)),
);

/** PingOne's error if the body is one, else PingOne's usual code for the status: other bodies may contain anything. */
export const pingOneErrorIn = ({ status, body }: Answer): Pick<ProblemFacts, 'upstream' | 'violations'> => {
  const { data } = z.safeParse(pingOneError, jsonOf(body));
  const plain = `PingOne answered ${status}.`;
  if (!data) return { upstream: { code: codes[status] ?? 'REQUEST_FAILED', message: plain } };
  const { details, message = plain, ...rest } = data;
  const upstream = { ...rest, message };
  return { upstream, violations: details?.flatMap((each) => violationsOf(each, upstream)).slice(0, maximumViolations) };
};

/** A detail without a code or a message gets the error's. */
const violationsOf = (
  detail: Partial<Violation> | undefined,
  { code, message }: { readonly code: string; readonly message: string },
): Violation[] =>
  detail === undefined ? [] : [{ ...detail, code: detail.code ?? code, message: detail.message ?? message }];

/** Whether a body's JSON value is a PingOne error. A created resource has no code, and a failed parse is slow. */
export const isPingOneError = (value: unknown): boolean =>
  valueAt(value, 'code') !== undefined && z.safeParse(pingOneError, value).success;

const codes: Readonly<Record<number, string>> = {
  400: 'INVALID_DATA',
  403: 'ACCESS_FAILED',
  404: 'NOT_FOUND',
  415: 'INVALID_REQUEST',
};
