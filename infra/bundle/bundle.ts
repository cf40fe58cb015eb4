import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, build, type OutputFile } from 'esbuild';
import { noConfigFiles } from './config-files.ts';
import { unusedSdk } from './unused-sdk.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The functions, by file name in `functions/`. */
export const functionNames = [
  'http',
  'queue',
  'read',
  'deploy',
  'environment-lookup',
  'webhook',
  'deploy-queue',
  'request-status',
  'not-offered',
  'open-requests',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** The path of a function's bundle. */
export const bundleOf = (name: FunctionName): string => `${root}.build/${name}/index.cjs`;

/**
 * Builds functions as they are deployed: one CommonJS file each (`.cjs`, since the project's own `.js` are ES modules)
 * with its source map. CommonJS loads the AWS SDK about a quarter faster than an ES module does.
 */
export const bundle = async (...names: FunctionName[]): Promise<BuildResult<{ metafile: true }>> => {
  const result = await build(options(names));
  // Each source map before its code.
  const ordered = result.outputFiles.toSorted((one, other) => Number(isCode(one)) - Number(isCode(other)));
  for (const file of ordered) await replace(file);
  return result;
};

let allFunctions: ReturnType<typeof bundle> | undefined;

/** Builds all functions once per process. */
export const bundleOnce = (): ReturnType<typeof bundle> => {
  allFunctions ??= bundle(...functionNames);
  return allFunctions;
};

const isCode = ({ path }: OutputFile): boolean => path.endsWith('.cjs');

/** Writes a file atomically: other processes may build and start the same function meanwhile. */
const replace = async ({ path, contents }: OutputFile): Promise<void> => {
  const temporary = `${path}.${process.pid}-${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, contents);
  await rename(temporary, path);
};

const options = (names: readonly FunctionName[]) =>
  ({
    ...functionOptions,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir: `${root}.build`,
    outExtension: { '.js': '.cjs' },
    write: false,
  }) as const satisfies BuildOptions;

/** The build options of every function. */
export const functionOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Without a comment in the bundle: Node would read the map at each start, lib/runtime/source-frame.ts only for an error.
  sourcemap: 'external',
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // V8 parses a nested arrow function at once, but a `function` only when called: an eighth of the import time.
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
