import type { Answer } from './connection.ts';

/** The id that PingOne's support knows an exchange by; undefined where the header holds none, or anything else. */
export const correlationIDOf = ({ headers }: Answer): string | undefined =>
  /^[\w-]{1,64}$/.exec(headers['correlation-id']?.toString() ?? '')?.[0];
