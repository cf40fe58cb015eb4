import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { frame } from '../web/frame.ts';
import { type Markup, markup } from '../web/markup.ts';
import { articleOf, type Section } from './article.ts';
import { codeBlock } from './highlight.ts';

/** A guide in the frame of all pages, with its contents. */
export const guidePage = async (path: string, source: string): Promise<string> => {
  const { title, html, sections } = await articleOf(source);
  return frame({
    title,
    current: 'Guides',
    files: 'guides',
    side: side(path),
    content: markup`<article>${html}</article>${contents(sections.filter(({ depth }) => depth === 2))}`,
  });
};

/** A source file that a guide links to. */
export const sourcePage = async (path: string, source: string): Promise<string> =>
  frame({
    title: path,
    current: 'Guides',
    files: 'guides',
    side: side(path),
    content: markup`<article><h1>${path}</h1>${await codeBlock(source, extname(path).slice(1))}</article>`,
  });

/** The guides, in the order of README's last table. */
const side = (current: string): Markup => markup`<search>
<label class="hidden" for="guide-search">Search the guides</label>
<input type="search" id="guide-search" placeholder="Search the guides" autocomplete="off" spellcheck="false">
<ul id="guide-found" aria-label="Found" hidden></ul>
</search>
<details class="menu" id="guide-menu" open><summary>Guides</summary>
<nav aria-label="Guides">${[{ name: 'Start', path: 'README.md' }, ...listed()].map(
  ({ name, path }) =>
    markup`<a href="/guides/${path}"${path.split('#')[0] === current && markup` aria-current="page"`}>${name}</a>`,
)}</nav>
</details>`;

const listed = () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, table = ''] = readme.split('\n## Guides\n');
  return [...table.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, name = '', path = '']) => ({ name, path }));
};

const contents = (sections: readonly Section[]): Markup | undefined =>
  sections.length < 2
    ? undefined
    : markup`<nav class="contents" aria-labelledby="guide-contents">
<h2 id="guide-contents">On this page</h2>
<ul>${sections.map(({ anchor, text }) => markup`<li><a href="#${anchor}">${text}</a></li>`)}</ul>
</nav>`;
