import { STATUS_CODES } from 'node:http';
import type { Reply } from '../loopback/reply.ts';
import { failed } from './refusal.ts';

/** The statuses of failures. */
export type FailureStatus = 408 | 500 | 502 | 503 | 504;

/** PingOne's own error for its own failure (500, 503), else a page of the proxy before it. */
export const failure = (status: FailureStatus): Reply =>
  status === 500 || status === 503 ? failed(status) : pageOf(status);

const pageOf = (status: number): Reply => {
  const title = `${status} ${STATUS_CODES[status]}`;
  const body = `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`;
  return { status, headers: { 'content-type': 'text/html' }, body };
};
