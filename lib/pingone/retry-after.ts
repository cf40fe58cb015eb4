import type { Answer } from '../runtime/connection.ts';

/**
 * The wait that PingOne asks for, in milliseconds: `Retry-After` in whole seconds or as an HTTP date (RFC 9110 10.2.3,
 * 5.6.7); undefined if it is neither.
 */
export const retryAfterMs = ({ headers }: Answer, now: number): number | undefined => {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  return httpDate.test(value) ? Math.max(0, Date.parse(utc(value)) - now) : undefined;
};

/** The current form, and the two obsolete forms that must be accepted: RFC 850 and asctime. */
const httpDate =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** The asctime form has no zone. */
const utc = (date: string): string => (date.endsWith('GMT') ? date : `${date} GMT`);
