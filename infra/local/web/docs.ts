import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { explainedProblems } from '../../documents/problem-help.ts';
import type { Page } from '../loopback/loopback.ts';
import { docsPage } from './docs-html.ts';
import { filePage, html } from './files.ts';

const swaggerUi = pathToFileURL(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The reference page and the README. */
export const docsPages: Record<string, Page> = {
  'GET /docs': async () => html(docsPage(explainedProblems), { inlineStyles: true }),
  'GET /docs/readme.md': filePage(new URL('../../../README.md', import.meta.url)),
  'GET /docs/assets/swagger-ui.css': filePage(new URL('swagger-ui.css', swaggerUi)),
  'GET /docs/assets/swagger-ui-bundle.js': filePage(new URL('swagger-ui-bundle.js', swaggerUi)),
};
