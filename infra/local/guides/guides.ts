import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '../loopback/loopback.ts';
import { json } from '../loopback/reply.ts';
import { filePage, html } from '../web/files.ts';

const root = new URL('../../../', import.meta.url);
const at = (path: string): URL => new URL(path, root);

/** The path of each Markdown file. */
const guides = globSync('{README.md,.github/*.md,{functions,lib,infra,test}/**/*.md}', { cwd: fileURLToPath(root) });

/** The files that guides link to or show, by their path. */
const linkedFiles = [
  ...new Set(
    guides.flatMap((path) =>
      [...readFileSync(at(path), 'utf8').matchAll(/\]\(([^)#:]+\.(?:json|png|ts))\)/g)].map(([, link = '']) =>
        join(dirname(path), link),
      ),
    ),
  ),
];

/** Addresses below `/guides/` are paths of the repository, so that links between files work in both. */
export const addressOf = (path: string): string => `/guides/${path}`;

/** Where the local run explains a problem, without its code. */
export const errorsGuide = addressOf('lib/http/ERRORS.md');

/** The Markdown files of this repository, and the files that they link to. */
export const guidePages: Readonly<Record<string, Page>> = {
  ...Object.fromEntries(
    guides.map((path): [string, Page] => [
      `GET ${addressOf(path)}`,
      // Loaded late: few runs show a guide.
      async () => html(await (await import('./guide.ts')).guidePage(path, await readFile(at(path), 'utf8'))),
    ]),
  ),
  ...Object.fromEntries(
    linkedFiles.map((path): [string, Page] => [
      `GET ${addressOf(path)}`,
      extname(path) === '.png'
        ? filePage(at(path))
        : async () => html(await (await import('./guide.ts')).sourcePage(path, await readFile(at(path), 'utf8'))),
    ]),
  ),
  'GET /guides': async () => ({ status: 302, headers: { location: addressOf('README.md') } }),
  'GET /guides/search.json': async () => {
    const { articleOf } = await import('./article.ts');
    const articles = await Promise.all(
      guides.map(async (path) => ({ path, ...(await articleOf(await readFile(at(path), 'utf8'))) })),
    );
    return json(
      200,
      articles.flatMap(({ path, title, sections }) =>
        sections.map(({ anchor, text, content }) => ({
          address: `${addressOf(path)}#${anchor}`,
          title: text === title ? title : `${title}: ${text}`,
          content,
        })),
      ),
    );
  },
};
