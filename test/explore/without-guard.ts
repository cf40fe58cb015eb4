import { registerHooks } from 'node:module';
import type { Hole } from './holes.ts';

/** The explorer, and what it runs. */
export interface Explorer {
  readonly explore: typeof import('./explore.ts').explore;
  readonly scenarios: typeof import('./scenarios.ts').scenarios;
}

/** Changes the text of a file, whose path is below the project's root. */
export type Edit = (file: string, text: string) => string;

/** Loads the explorer with all code under it once more, and changed; each name is for one change. */
export const explorerWith = async (name: string, edit: Edit): Promise<Explorer> => {
  edits.set(name, edit);
  const url = (file: string) => new URL(`./${file}${query}${name}`, import.meta.url).href;
  const { explore }: typeof import('./explore.ts') = await import(url('explore.ts'));
  const { scenarios }: typeof import('./scenarios.ts') = await import(url('scenarios.ts'));
  return { explore, scenarios };
};

/** Loads the explorer with code in which a guard is taken out. */
export const explorerWithout = async ({ name, edits: needed }: Hole): Promise<Explorer> => {
  const done = new Set<Hole['edits'][number]>();
  const explorer = await explorerWith(name, (file, source) =>
    needed.reduce((before, edit) => {
      const [path, text, instead] = edit;
      if (file !== `lib/${path}`) return before;
      if (before.split(text).length !== 2) throw new Error(`${name}: ${file} does not have once: ${text}`);
      done.add(edit);
      return before.replace(text, () => instead);
    }, source),
  );
  const missing = needed.find((edit) => !done.has(edit));
  if (missing) throw new Error(`${name}: ${missing[0]} is not loaded`);
  return explorer;
};

const root = new URL('../../', import.meta.url).href;
const query = '?change=';
const edits = new Map<string, Edit>();

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
    const [file = '', name = ''] = url.split(query);
    const edit = edits.get(name);
    if (!edit) return next(url, context);
    const loaded = next(file, context);
    return { ...loaded, source: edit(file.slice(root.length), String(loaded.source)) };
  },
});
