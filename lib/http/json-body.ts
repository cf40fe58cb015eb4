import type { MiddlewareObj } from '@middy/core';
import { maximumMessageBytes } from '../contract.ts';
import { Problem } from '../problems.ts';
import { parseJson } from '../validation/parse-json.ts';
import type { HttpEvent } from './event.ts';

/** Parses the body as JSON. @throws Problem INVALID_REQUEST with status 400, 413 or 415 */
export const jsonBody = (): MiddlewareObj<HttpEvent> => ({
  before: ({ event }) => {
    requireJson(event.headers);
    event.body = parseJson(textOf(event));
  },
});

const requireJson = (headers: HttpEvent['headers']) => {
  const encoding = headers['content-encoding'] ?? '';
  if (!encoding.split(',').every((coding) => /^\s*(?:identity)?\s*$/i.test(coding)))
    throw unsupported(`The body must not be encoded; Content-Encoding is ${quoted(encoding)}.`);
  const type = headers['content-type'];
  if (!type) throw unsupported('The request needs a Content-Type of application/json.');
  if (!/^application\/json\s*(?:;|$)/i.test(type.trim())) {
    throw unsupported(`Content-Type must be application/json, not ${quoted(type)}.`);
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupported(`The charset must be utf-8, not ${quoted(charset)}.`);
  }
};

const unsupported = (detail: string) => new Problem('INVALID_REQUEST', detail, { status: 415 });

const quoted = (header: string) => JSON.stringify(header.slice(0, 80));

/** The body as text. @throws Problem INVALID_REQUEST with status 400 or 413 */
export const textOf = ({ body, isBase64Encoded }: Pick<HttpEvent, 'body' | 'isBase64Encoded'>): string => {
  if (typeof body !== 'string' || body === '') {
    throw new Problem('INVALID_REQUEST', 'The request needs a JSON object as its body.');
  }
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes > maximumMessageBytes) {
    const detail = `The body has ${bytes} bytes; the maximum is ${maximumMessageBytes}.`;
    throw new Problem('INVALID_REQUEST', detail, { status: 413 });
  }
  const text = isBase64Encoded ? utf8(Buffer.from(body, 'base64')) : body;
  // API Gateway decodes a text body and replaces invalid UTF-8 by U+FFFD, which must not get into a name.
  if (text.includes('\uFFFD')) {
    throw notUtf8('it contains U+FFFD, which replaces invalid bytes; to send that character, escape it as \\ufffd');
  }
  return text;
};

const utf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8('it contains invalid bytes', cause);
  }
};

const notUtf8 = (why: string, cause?: unknown) =>
  new Problem('INVALID_REQUEST', `The body must be UTF-8: ${why}.`, { cause });
