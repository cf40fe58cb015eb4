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

/** A guide, or a source file as a page. */
const textPage =
  (path: string, form: 'guidePage' | 'sourcePage'): Page =>
  // Loaded late: few runs show a guide.
  async () =>
    html(await (await import('./guide.ts'))[form](path, await readFile(at(path), 'utf8')));

const linkedPage = (path: string): Page =>
  extname(path) === '.png' ? filePage(at(path)) : textPage(path, 'sourcePage');

/** The Markdown files of this repository, and the files that they link to. */
export const guidePages: Readonly<Record<string, Page>> = {
  ...Object.fromEntries(guides.map((path) => [`GET ${addressOf(path)}`, textPage(path, 'guidePage')])),
  ...Object.fromEntries(linkedFiles.map((path) => [`GET ${addressOf(path)}`, linkedPage(path)])),
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
