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
  /** What it sees beside what all see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly metafile: Metafile;
}

/** Builds all that is measured. */
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

/** Our function as it is deployed. */
const ours: BuildOptions = { ...functionOptions, entryPoints: ['functions/http.ts'] };

/** So that it can be compared with handlers that have no ledger. */
const withoutLedger: Plugin = {
  name: 'without ledger',
  setup: ({ onResolve }) => onResolve({ filter: /\/open-ledger\.ts$/ }, () => ({ path: variant('no-ledger') })),
};

/** What CDK's NodejsFunction does by default, but that it leaves the SDK to Lambda, which has it in some version. */
const asCdkDoes = (entry: string): BuildOptions => ({
  entryPoints: [variant(entry)],
  bundle: true,
  platform: 'node',
  target: 'node24',
});

/** What Powertools' documentation advises. */
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
