import type { Answer } from './connection.ts';

/**
 * How long PingOne asks to wait, in milliseconds: `Retry-After` in whole seconds or as an HTTP date (RFC 9110 10.2.3,
 * 5.6.7); undefined where it is neither.
 */
export const retryAfterMs = ({ headers }: Answer, now: number): number | undefined => {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  return httpDate.test(value) ? Math.max(0, Date.parse(utc(value)) - now) : undefined;
};

/** As it is sent today, and in the two obsolete forms that must be read: of RFC 850 and of asctime. */
const httpDate =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** The form of asctime names no zone. */
const utc = (date: string): string => (date.endsWith('GMT') ? date : `${date} GMT`);
