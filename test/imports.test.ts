import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const files = globSync('{functions,lib}/**/*.ts', { cwd: root });

/** The files that a file imports, for their types alone, too. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  );

const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** The first circle that a depth-first search meets. */
const circle = (): readonly string[] | undefined => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const imported of graph.get(file) ?? []) {
      const found = visit(imported, [...path, file]);
      if (found) return found;
    }
    return undefined;
  };
  for (const file of files) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
};

it('imports in no circle, not for types either', () => {
  expect(files.length).toBeGreaterThan(80);
  expect(circle()).toBeUndefined();
});
