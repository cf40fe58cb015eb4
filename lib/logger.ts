import { GatewayError, Problem } from './errors.ts';

/** Writes one structured line. Lambda's JSON log format adds time, level and request id. */
export type Log = (level: 'error' | 'warn' | 'info', line: Readonly<Record<string, unknown>>) => void;

export const consoleLog: Log = (level, line) => console[level](line);

/**
 * All that may be said of an error where logs are kept: the message of our own errors and of AWS's; of others, which may
 * quote a body or a secret, the name, the code and the stack's frames. Never a problem's details.
 */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...(('$fault' in error || error instanceof GatewayError) && { message: error.message }),
    ...('code' in error && { code: error.code }),
    ...(error instanceof Problem ? { status: error.status } : { frames: framesOf(error) }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
};

const framesOf = ({ stack = '' }: Error): string[] =>
  stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim());
