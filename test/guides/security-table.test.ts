import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pageAt } from './markdown.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The last column of the table of threats. */
const citations = pageAt('.github/SECURITY.md')
  .text.split('\n## Threats\n')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');

interface Cited {
  readonly files: readonly string[];
  readonly title: string;
}

/** `a/b`, `c`: title; another title of these; `d`: title … */
const citedIn = (citation: string): readonly Cited[] => {
  let files: readonly string[] = [];
  return citation.split('; ').map((part) => {
    const [, names, title = part] = /^((?:`[\w/-]+`(?:, )?)+): (.*)$/.exec(part) ?? [];
    if (names !== undefined) files = [...names.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => name);
    return { files, title };
  });
};

/** The lines of a test file, by the name that the table gives it. */
const linesOf = (name: string): readonly string[] => {
  const found = globSync(`{${name},*/${name},*/*/${name}}.test.ts`, { cwd: root });
  const [file, ...more] = found.filter((path) => path === `${name}.test.ts` || !found.includes(`${name}.test.ts`));
  expect([name, file, more]).toEqual([name, expect.any(String), []]);
  return readFileSync(`${root}${file}`, 'utf8').split('\n');
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the table of threats', () => {
  const cited = (citations ?? []).flatMap(citedIn);

  it('cites a test in each row', () => {
    expect(citations?.length).toBeGreaterThan(20);
    expect(cited.filter(({ files }) => files.length === 0)).toEqual([]);
  });

  it.each(cited.map(({ files, title }) => [title, files] as const))(
    'cites a test that is there: %s',
    (title, files) => {
      const words = title.split('…').map((fragment) => escaped(fragment.trim()));
      const written = new RegExp(words.join('.*'));
      for (const file of files)
        expect(
          linesOf(file).some((line) => written.test(line)),
          `${file}: ${title}`,
        ).toBe(true);
    },
  );
});
