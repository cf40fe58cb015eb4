import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageAt } from './markdown.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every page of documentation, by its path in the repository. */
export const paths: readonly string[] = [
  'README.md',
  ...globSync('{functions,lib,infra,test}/**/*.md', { cwd: root }),
  ...readdirSync(join(root, '.github')).flatMap((name) => (name.endsWith('.md') ? [`.github/${name}`] : [])),
];

/** A fenced block: the info string's second word names the snippets that tests run. */
interface Block {
  readonly language: string;
  readonly name: string;
  readonly text: string;
}

export const blocks: readonly Block[] = paths.flatMap((path) =>
  [...pageAt(path).text.matchAll(/^```(\w+) ?([\w-]*)\n(.*?)^```$/gms)].map(
    ([, language = '', name = '', text = '']) => ({ language, name, text }),
  ),
);

/** The only block of all pages that matches. */
export const blockWhere = (matches: (block: Block) => boolean): string => {
  const [found, ...others] = blocks.filter(matches);
  if (found === undefined || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} blocks match`);
  return found.text;
};

/** The snippet with this name. */
export const snippet = (wanted: string): string => blockWhere(({ name }) => name === wanted);
