import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const files = globSync('{functions,lib,infra}/**/*.{ts,js}', { cwd: root });

/** The files that a file imports, type imports included. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from |import\(|import )'(\.[^']+)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  );

const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** From the bottom to the top: a file imports its own part and parts of lower layers; parts of one layer don't know each other. */
const layers: readonly (readonly string[])[] = [
  ['lib/problems.ts', 'lib/contract.ts', 'lib/endpoints'],
  ['lib/runtime', 'lib/validation'],
  ['lib/grants', 'lib/pingone', 'lib/ledger'],
  ['lib/deploy'],
  ['lib/provision'],
  ['lib/intake'],
  ['lib/http', 'lib/queue'],
  ['lib/webhook'],
  ['lib/core.ts'],
  ['lib/compose.ts', 'lib/config.ts'],
  ['infra/command'],
  ['functions', 'infra/deployment.ts', 'infra/bundle', 'infra/documents'],
  ['infra/aws', 'infra/local'],
  ['infra/operator'],
  ['infra/node-24.js'],
];

const partOf = (file: string) => layers.flat().find((part) => file === part || file.startsWith(`${part}/`));

const layerOf = (part: string | undefined) => layers.findIndex((parts) => part !== undefined && parts.includes(part));

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

/** The files that the functions import, directly or not. */
const reached = (): ReadonlySet<string> => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const imported of graph.get(file) ?? []) visit(imported);
  };
  for (const file of files) if (file.startsWith('functions/')) visit(file);
  return seen;
};

describe('imports', () => {
  it('form no cycle, type imports included', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(circle()).toBeUndefined();
  });

  it('lead to a lower layer', () => {
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => partOf(imported) !== partOf(file) && layerOf(partOf(imported)) >= layerOf(partOf(file)))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(files.filter((file) => partOf(file) === undefined)).toEqual([]);
    expect(upward).toEqual([]);
  });

  it('lead only to files of the project', () => {
    const outside = files.flatMap((file) => importsOf(file).filter((imported) => !files.includes(imported)));
    expect(outside.filter((path) => !path.endsWith('package.json'))).toEqual([]);
  });

  it('of the deployment, the local run and the tools never include a door, which they only bundle', () => {
    // The live page names the violations of an event by the queue door's own check.
    const doors = /^(?:functions|lib\/(?:http|queue\/(?!checked-event)|webhook\/(?!source\.ts)|compose))/;
    const runners = files.filter((file) => /^infra\/(?:aws|local|operator)\//.test(file));
    expect(runners.filter((file) => importsOf(file).some((imported) => doors.test(imported)))).toEqual([]);
  });

  it('of an endpoint are zod and its own rules', () => {
    const endpoints = files.filter((file) => file.startsWith('lib/endpoints/'));
    const packages = endpoints.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name),
    );
    expect(new Set(packages)).toEqual(new Set(['zod/mini']));
  });

  it('make every file of lib part of a function', () => {
    const all = reached();
    expect(files.filter((file) => file.startsWith('lib/') && !all.has(file))).toEqual([]);
  });
});
