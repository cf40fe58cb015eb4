import type { IncomingHttpHeaders } from 'node:http';

/** The media type of a body, in lower case and without its parameters. */
export const mediaType = (headers: IncomingHttpHeaders): string =>
  (headers['content-type'] ?? '').split(';', 1).join().trim().toLowerCase();
