import { requestHeaders, responseHeaders } from './headers.ts';

const lowerCase = (text: string): string => text.toLowerCase();

/** What a page of an allowed origin may send and read (CORS), deployed and on this machine. */
export const cors = {
  methods: ['GET', 'POST'],
  requestHeaders: ['authorization', 'content-type', ...Object.keys(requestHeaders).map(lowerCase)],
  responseHeaders: Object.keys(responseHeaders).map(lowerCase),
  maxAgeSeconds: 3_600,
} as const;
