import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Lets esbuild drop unused parts of the AWS SDK's clients, an eighth of a bundle:
 * - the schemas of unused calls: esbuild must assume that their computed member names have side effects;
 * - the error classes that each client registers. An unregistered error is of the client's base class, with its own name;
 * - all members of a `package.json` except the version.
 */
export const unusedSdk: Plugin = {
  name: 'unused parts of the AWS SDK',
  setup: ({ onLoad }) => {
    onLoad({ filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => ({
      contents: withoutEffects(await readFile(path, 'utf8')),
    }));
    onLoad({ filter: /@aws-sdk\/client-[\w-]+\/package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const withoutEffects = (schemas: string): string => {
  const declared = [...schemas.matchAll(/^const (\w+) = ("[^"]*");$/gm)];
  const strings = new Map(declared.map(([, name = '', text = '']) => [name, text]));
  return schemas
    .replace(/\[(\w+)\]:/g, (member, name: string) => (strings.has(name) ? `${strings.get(name)}:` : member))
    .replaceAll('n0_registry.registerError(', '/* @__PURE__ */ $&');
};
