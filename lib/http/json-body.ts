import type { MiddlewareObj } from '@middy/core';
import { maximumMessageBytes } from '../contract.ts';
import { Problem } from '../problems.ts';
import { parseJson } from '../validation/parse-json.ts';
import type { HttpEvent } from './event.ts';

/** Replaces the body by the JSON value that it is. Throws Problem INVALID_REQUEST with status 400, 413 or 415. */
export const jsonBody = (): MiddlewareObj<HttpEvent> => ({
  before: ({ event }) => {
    requireJson(event.headers);
    event.body = parseJson(textOf(event));
  },
});

const requireJson = (headers: HttpEvent['headers']) => {
  const encoding = headers['content-encoding'] ?? '';
  if (!encoding.split(',').every((coding) => /^\s*(?:identity)?\s*$/i.test(coding)))
    throw unsupported(`The body must not be encoded; Content-Encoding is ${shown(encoding)}.`);
  const type = headers['content-type'];
  if (!type) throw unsupported('The request needs a Content-Type of application/json.');
  if (!/^application\/json\s*(?:;|$)/i.test(type.trim())) {
    throw unsupported(`Content-Type must be application/json, not ${shown(type)}.`);
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupported(`The charset must be utf-8, not ${shown(charset)}.`);
  }
};

const unsupported = (detail: string) => new Problem('INVALID_REQUEST', detail, { status: 415 });

const shown = (header: string) => JSON.stringify(header.slice(0, 80));

const textOf = ({ body, isBase64Encoded }: HttpEvent): string => {
  if (typeof body !== 'string' || body === '') {
    throw new Problem('INVALID_REQUEST', 'The request needs a JSON object as its body.');
  }
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes > maximumMessageBytes) {
    const detail = `The body may have ${maximumMessageBytes} bytes at the most, and has ${bytes}.`;
    throw new Problem('INVALID_REQUEST', detail, { status: 413 });
  }
  const text = isBase64Encoded ? utf8(Buffer.from(body, 'base64')) : body;
  // A text body is decoded before it gets here, with U+FFFD for bytes that are not UTF-8: a name must not be created with it.
  if (text.includes('\uFFFD')) {
    throw notUtf8(
      'it contains U+FFFD, which replaces bytes that are not; to send that character, escape it as \\ufffd',
    );
  }
  return text;
};

const utf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8('it contains bytes that are not', cause);
  }
};

const notUtf8 = (why: string, cause?: unknown) =>
  new Problem('INVALID_REQUEST', `The body must be UTF-8: ${why}.`, { cause });
