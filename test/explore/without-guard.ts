import { registerHooks } from 'node:module';
import { type Hole, holes } from './holes.ts';

/** The explorer, and what it runs. */
export interface Explorer {
  readonly explore: typeof import('./explore.ts').explore;
  readonly scenarios: typeof import('./scenarios.ts').scenarios;
}

const root = new URL('../../', import.meta.url).href;
const libURL = `${root}lib/`;
const query = '?hole=';

/** Loads the explorer with all code under it once more, in which a guard is taken out. */
export const explorerWithout = async ({ name, edits }: Hole): Promise<Explorer> => {
  const url = (file: string) => new URL(`./${file}${query}${name}`, import.meta.url).href;
  const { explore }: typeof import('./explore.ts') = await import(url('explore.ts'));
  const { scenarios }: typeof import('./scenarios.ts') = await import(url('scenarios.ts'));
  const missing = edits.find((edit) => !done.has(edit));
  if (missing) throw new Error(`${name}: ${missing[0]} is not loaded`);
  return { explore, scenarios };
};

const done = new Set<Hole['edits'][number]>();

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const [, name] = context.parentURL?.split(query) ?? [];
    const isOurs = resolved.url.startsWith(root) && !resolved.url.includes('/node_modules/');
    return name && isOurs && !resolved.url.includes(query)
      ? { ...resolved, url: `${resolved.url}${query}${name}` }
      : resolved;
  },

  load: (url, context, next) => {
    const [file = '', name] = url.split(query);
    if (name === undefined) return next(url, context);
    const loaded = next(file, context);
    let source = String(loaded.source);
    for (const edit of holes.find((hole) => hole.name === name)?.edits ?? []) {
      const [path, text, instead] = edit;
      if (file !== libURL + path) continue;
      if (source.split(text).length !== 2) throw new Error(`${name}: lib/${path} does not have once: ${text}`);
      source = source.replace(text, () => instead);
      done.add(edit);
    }
    return { ...loaded, source };
  },
});
