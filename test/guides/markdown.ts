import { readFileSync } from 'node:fs';
import { anchorOf } from '../../infra/local/guides/article.ts';

/** A page of documentation, by its path in the repository. */
export const pageAt = (path: string) => {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const prose = text.replace(/^```.*?^```$/gms, '');
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', heading = '']) => ({
    depth: marks.length,
    anchor: anchorOf(heading),
  }));
  const written = [...prose.matchAll(/<a id="([\w-]+)"><\/a>/g)].map(([, id = '']) => id);
  return {
    text,
    headings,
    anchors: [...headings.map(({ anchor }) => anchor), ...written],
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
    /** What is written as code and looks like a path of this repository. */
    paths: [...prose.matchAll(/`((?:\.ci|\.github|functions|infra|lib|test)\/[\w./-]+)`/g)].map(
      ([, named = '']) => named,
    ),
    /** The scripts of package.json that are named, in commands too. */
    scripts: [...text.matchAll(/\bnpm (?:run )?([\w:-]*\w)/g)].map(([, script = '']) => script),
  };
};
