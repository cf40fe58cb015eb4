import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { functionOptions } from '../../../infra/bundle/bundle.ts';

export type SubjectName =
  | 'ours'
  | 'ours, ledger off'
  | 'standard'
  | 'standard, idempotency off'
  | 'naive'
  | 'node:https'
  | 'empty handler';

/** A handler in one file. */
export interface Subject {
  readonly name: SubjectName;
  readonly file: string;
  /** Variables in addition to those of all subjects. */
  readonly environment: Readonly<Record<string, string>>;
  readonly metafile: Metafile;
}

/** Builds all subjects. */
export const buildSubjects = (): Promise<readonly Subject[]> =>
  Promise.all(
    sources.map(async ({ name, options, environment = {} }) => {
      const file = builtFile(`${name.replace(/\W+/g, '-')}.${options.format === 'esm' ? 'mjs' : 'cjs'}`);
      const { metafile } = await build({ ...options, outfile: file, metafile: true, logLevel: 'error' });
      return { name, file, environment, metafile };
    }),
  );

export const builtFile = (name: string): string =>
  fileURLToPath(new URL(`../../../.build/bench/http/${name}`, import.meta.url));

const variant = (name: string): string => fileURLToPath(new URL(`./variants/${name}.ts`, import.meta.url));

/** The function as it is deployed. */
const ours: BuildOptions = { ...functionOptions, entryPoints: ['functions/http.ts'] };

/** For comparisons with handlers without a ledger. */
const withoutLedger: Plugin = {
  name: 'without ledger',
  setup: ({ onResolve }) => onResolve({ filter: /\/open-ledger\.ts$/ }, () => ({ path: variant('no-ledger') })),
};

/** The defaults of CDK's NodejsFunction, except that the SDK is bundled: Lambda has it in an unknown version. */
const asCdkDoes = (entry: string): BuildOptions => ({
  entryPoints: [variant(entry)],
  bundle: true,
  platform: 'node',
  target: 'node24',
});

/** The options in Powertools' documentation. */
const standard: BuildOptions = {
  ...asCdkDoes('standard'),
  minify: true,
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: "import { createRequire } from 'module';const require = createRequire(import.meta.url);" },
};

const sources: readonly (Pick<Subject, 'name'> & Partial<Subject> & { readonly options: BuildOptions })[] = [
  { name: 'ours', options: ours },
  { name: 'ours, ledger off', options: { ...ours, plugins: [...functionOptions.plugins, withoutLedger] } },
  { name: 'standard', options: standard },
  { name: 'standard, idempotency off', options: standard, environment: { POWERTOOLS_IDEMPOTENCY_DISABLED: 'true' } },
  { name: 'naive', options: asCdkDoes('naive') },
  { name: 'node:https', options: asCdkDoes('bare-https') },
  { name: 'empty handler', options: asCdkDoes('empty') },
];
