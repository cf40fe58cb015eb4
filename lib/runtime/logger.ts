import { GatewayError, Problem } from '../problems.ts';
import { sourceFrame } from './source-frame.ts';

/** How loud a line is. `error` is for what nobody foresaw, or what a person has to look at: each one may raise an alarm. */
export type Level = 'error' | 'warn' | 'info';

/** Writes one structured line. Lambda's JSON log format adds time, level and request id. */
export type Log = (level: Level, line: Readonly<Record<string, unknown>>) => void;

export const consoleLog: Log = (level, line) => console[level](line);

/** A log whose lines name an endpoint, since all functions of a deployment log into one place. */
export const logOf =
  (endpoint: string): Log =>
  (level, line) =>
    consoleLog(level, { endpoint, ...line });

/** The level of a line about a problem. */
export const levelOf = ({ code, isRetryable }: Problem): Level => {
  if (code === 'UNEXPECTED_ERROR') return 'error';
  return isRetryable ? 'warn' : 'info';
};

/**
 * All that may be said of an error where logs are kept: the message of our own errors, and of AWS's where a right or a
 * thing is missing; of others, which may quote a body or a secret, the name, the code and the stack's frames. Never a
 * problem's details, nor the message of one that is the caller's to mend: it may quote the caller.
 */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...(quotesNobody(error) && { message: error.message }),
    ...('code' in error && isCode(error.code) && { code: error.code }),
    ...(error instanceof Problem ? { status: error.status } : { frames: framesOf(error) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
};

const quotesNobody = (error: Error): boolean => {
  if (error instanceof Problem) return error.status >= 500;
  return error instanceof GatewayError || ('$violation' in error && missing.test(error.name));
};

/** Other messages of AWS may quote the value that they refuse, or the whole request with its session token. */
const missing = /AccessDenied|NotFound|DoesNotExist/;

const isCode = (code: unknown): boolean => typeof code === 'string' && /^[A-Z][A-Z\d_]{0,63}$/.test(code);

/** What follows the message: that may have lines that look like frames. */
const framesOf = ({ message, stack = '' }: Error): string[] => {
  const begin = `${message}\n    at `;
  const at = stack.indexOf(begin);
  if (at < 0) return [];
  return stack
    .slice(at + message.length + 1)
    .split('\n')
    .map((line) => sourceFrame(line.trim()));
};
