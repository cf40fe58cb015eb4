import type { Arrival } from './loopback.ts';

/** What a local function's calls to this machine carry: the invocation that makes them, as X-Ray's header does on AWS. */
export const invocationHeader = 'x-local-invocation';

/** The invocation that made a call, where a local function did. */
export const invocationOf = ({ headers }: Pick<Arrival, 'headers'>): string | undefined =>
  headers[invocationHeader]?.toString();
