import type { Answer } from '../runtime/connection.ts';

/** The `Correlation-Id` that PingOne's support needs; undefined if the header is absent or has another form. */
export const correlationIDOf = ({ headers }: Answer): string | undefined =>
  /^[\w-]{1,64}$/.exec(headers['correlation-id']?.toString() ?? '')?.[0];
