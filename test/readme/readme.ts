import { readFileSync } from 'node:fs';

export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** A fenced block: the info string's second word names the snippets that tests run. */
interface Block {
  readonly language: string;
  readonly name: string;
  readonly text: string;
}

export const blocks: readonly Block[] = [...readme.matchAll(/^```(\w+) ?([\w-]*)\n(.*?)^```$/gms)].map(
  ([, language = '', name = '', text = '']) => ({ language, name, text }),
);

/** The one block of README that this holds for. */
export const blockWhere = (holds: (block: Block) => boolean): string => {
  const [found, ...others] = blocks.filter(holds);
  if (found === undefined || others.length > 0) throw new Error('README has not one such block');
  return found.text;
};

/** The snippet of this name. */
export const snippet = (wanted: string): string => blockWhere(({ name }) => name === wanted);
