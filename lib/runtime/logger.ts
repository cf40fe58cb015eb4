import { GatewayError, Problem } from '../problems.ts';
import { sourceFrame } from './source-frame.ts';

/** The level of a line. `error` is for unforeseen errors and work for an operator: each one may raise an alarm. */
export type Level = 'error' | 'warn' | 'info';

/** Writes one structured line. Lambda's JSON log format adds time, level and request id. */
export type Log = (level: Level, line: Readonly<Record<string, unknown>>) => void;

export const consoleLog: Log = (level, line) => console[level](line);

/** A log whose lines name an endpoint, since all functions of a deployment share one log group. */
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
 * The loggable part of an error. It has the message of the gateway's own errors, and of AWS errors about a missing
 * permission or resource. Other messages may quote a body or a secret, so they are left out: name, code and stack frames
 * remain. A problem's details, and the message of a problem below 500, which may quote the caller, are left out, too.
 */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...(isMessageSafe(error) && { message: error.message }),
    ...('code' in error && isCode(error.code) && { code: error.code }),
    ...(error instanceof Problem ? { status: error.status } : { frames: framesOf(error) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
};

const isMessageSafe = (error: Error): boolean => {
  if (error instanceof Problem) return error.status >= 500;
  return error instanceof GatewayError || ('$violation' in error && missing.test(error.name));
};

/** Other AWS messages may quote a refused value, or the whole request with its session token. */
const missing = /AccessDenied|NotFound|DoesNotExist/;

const isCode = (code: unknown): boolean => typeof code === 'string' && /^[A-Z][A-Z\d_]{0,63}$/.test(code);

/** The stack's frames, which follow the message: the message itself may have lines that look like frames. */
const framesOf = ({ message, stack = '' }: Error): string[] => {
  const begin = `${message}\n    at `;
  const at = stack.indexOf(begin);
  if (at < 0) return [];
  return stack
    .slice(at + message.length + 1)
    .split('\n')
    .map((line) => sourceFrame(line.trim()));
};
