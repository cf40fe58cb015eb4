import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, build, type OutputFile } from 'esbuild';
import { noConfigFiles } from './config-files.ts';
import { unusedSdk } from './unused-sdk.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The functions that AWS can start, by file name in `functions/`. */
export const functionNames = ['http', 'queue', 'request-status', 'open-requests'] as const;

export type FunctionName = (typeof functionNames)[number];

/** Where the bundle of a function is written, and started from. */
export const bundleOf = (name: FunctionName): string => `${root}.build/${name}/index.cjs`;

/**
 * Builds functions as they are deployed: of each one CommonJS file (`.cjs`, since the project's own `.js` are ES modules)
 * with its source map. CommonJS loads the AWS SDK about a quarter faster than an ES module does.
 */
export const bundle = async (...names: FunctionName[]): Promise<BuildResult<{ metafile: true }>> => {
  const result = await build(options(names));
  // Each source map first, so that it is there with the code.
  const ordered = result.outputFiles.toSorted((one, other) => Number(isCode(one)) - Number(isCode(other)));
  for (const file of ordered) await replace(file);
  return result;
};

let whole: ReturnType<typeof bundle> | undefined;

/** Builds every function at the first call in this process, and never again. */
export const bundleOnce = (): ReturnType<typeof bundle> => {
  whole ??= bundle(...functionNames);
  return whole;
};

const isCode = ({ path }: OutputFile): boolean => path.endsWith('.cjs');

/** Writes a file at once, since other processes build and start the same function at the same time. */
const replace = async ({ path, contents }: OutputFile): Promise<void> => {
  const written = `${path}.${process.pid}-${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(written, contents);
  await rename(written, path);
};

const options = (names: readonly FunctionName[]) =>
  ({
    ...functionOptions,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir: `${root}.build`,
    outExtension: { '.js': '.cjs' },
    write: false,
  }) as const satisfies BuildOptions;

/** How a function is built, whichever it is. */
export const functionOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Without a word of it in the bundle: Node would read it at each start, lib/runtime/source-frame.ts does when an error needs it.
  sourcemap: 'external',
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // V8 parses an arrow function within a function at once, a `function` when it is called: an eighth of an import.
  supported: { arrow: false },
  mainFields: ['module', 'main'],
  alias: {
    '@aws-sdk/credential-provider-node': './infra/bundle/lambda-credentials.ts',
    '@aws-sdk/middleware-endpoint-discovery': './infra/bundle/no-endpoint-discovery.ts',
    '@smithy/core/event-streams': './infra/bundle/no-event-streams.ts',
  },
  plugins: [noConfigFiles, unusedSdk],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;
