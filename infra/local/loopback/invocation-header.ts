import type { Arrival } from './loopback.ts';

/** Names the invocation in a local function's calls to this machine, like X-Ray's header on AWS. */
export const invocationHeader = 'x-local-invocation';

/** The invocation of a call by a local function. */
export const invocationOf = ({ headers }: Pick<Arrival, 'headers'>): string | undefined =>
  headers[invocationHeader]?.toString();
