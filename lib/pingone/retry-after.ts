import type { Answer } from './connection.ts';

/** How long PingOne asks to wait, in milliseconds: `Retry-After` in seconds or as an HTTP date (RFC 9110 10.2.3). */
export const retryAfterMs = ({ headers }: Answer, now: number): number | undefined => {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
