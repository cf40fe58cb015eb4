import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Page } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';

/** A page runs only its own scripts and calls only its own origin. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A page for a browser. */
export const html = (body: string | Buffer): Reply => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    ...securityHeaders,
  },
  body,
});

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** Serves a file, read again for each request. */
export const filePage =
  (url: URL): Page =>
  async () => ({
    status: 200,
    headers: { 'content-type': types[extname(url.pathname)] ?? 'application/octet-stream', ...securityHeaders },
    body: await readFile(url),
  });

/** A file in `pages/`. */
export const pageFile = (name: string): URL => new URL(`../pages/${name}`, import.meta.url);

/** The files of the pages, below `/local/`. */
export const pageFiles: Readonly<Record<string, Page>> = Object.fromEntries(
  readdirSync(pageFile('')).map((name) => [`GET /local/${name}`, filePage(pageFile(name))]),
);
