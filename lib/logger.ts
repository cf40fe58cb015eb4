import { GatewayError, Problem } from './errors.ts';

/** Writes one structured line. Lambda's JSON log format adds time, level and request id. */
export type Log = (level: 'error' | 'warn' | 'info', line: Readonly<Record<string, unknown>>) => void;

export const consoleLog: Log = (level, line) => console[level](line);

/**
 * All that may be said of an error where logs are kept: the message of our own errors and of AWS's; of others, which may
 * quote a body or a secret, the name, the code and the stack's frames. Never a problem's details, nor the message of one
 * that is the caller's to mend: it may quote the caller.
 */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...(isOurs(error) && { message: error.message }),
    ...('code' in error && { code: error.code }),
    ...(error instanceof Problem ? { status: error.status } : { frames: framesOf(error) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
};

const isOurs = (error: Error): boolean =>
  error instanceof Problem ? error.status >= 500 : '$fault' in error || error instanceof GatewayError;

const framesOf = ({ stack = '' }: Error): string[] =>
  stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim());
