import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { defineCommand } from '../../infra/command/command.ts';
import { runCommand } from '../../infra/command/run-command.ts';
import { openExplorer } from './explorer.ts';
import { type Mutant, mutantsIn } from './mutants.ts';
import { redundant } from './redundant.ts';
import { limitOf, runTests } from './tests.ts';
import type { Verdict } from './verdict.ts';

const root = new URL('../..', import.meta.url).pathname;
const copy = join(root, '.build', `mutation-${process.pid}`);
const report = join(root, '.build', 'mutation.jsonl');

const slowRuns = [
  ['test/provision/once', 'test/provision/outcomes', 'test/provision/explored'],
  ['test/provision/odd-lists', 'test/provision/upgrade', 'test/queue/once', 'test/deadlines'],
  ['test/provision/races', 'test/deploy/pending-deployments'],
];

/** The mutated files, and the tests that must fail, in runs one after the other: quick ones first. */
const suites = [
  {
    files: ['lib/provision/*.ts'],
    runs: [
      [
        'sends',
        'names',
        'records',
        'problems',
        'identity',
        'attempt-line',
        'match',
        'open-sends',
        'new-environment',
      ].map((name) => `test/provision/${name}.test.ts`),
      ...slowRuns,
    ],
  },
  {
    files: ['lib/ledger/*.ts'],
    runs: [['test/ledger/open-ledger'], ['test/ledger', 'test/harness/dynamodb/condition'], ...slowRuns],
  },
  {
    files: ['lib/queue/!(deployment)*.ts'],
    runs: [
      ['test/queue/door', 'test/queue/outcome', 'test/queue/outbox'],
      [
        ...['handler', 'grants', 'once', 'waiting', 'new-environment'].map((name) => `test/queue/${name}`),
        'test/deadlines',
        'test/test-events',
        'test/documents/asyncapi',
      ],
      ['test/deploy/pending-deployments', 'test/queue/deployments'],
    ],
  },
  {
    files: ['lib/queue/deployment*.ts'],
    runs: [['test/queue/deployment-messages'], ['test/deploy/pending-deployments', 'test/queue/deployments']],
  },
  {
    files: ['lib/deploy/*.ts'],
    runs: [
      ['deploy.test', 'deployment-line', 'pending-deployment.test', 'waits'].map((name) => `test/deploy/${name}`),
      ['test/http/deploy-calls', 'test/queue/deployment-messages'],
      ['test/deploy/pending-deployments'],
      ['test/queue/deployments', 'test/http/clients-of-pingone'],
    ],
  },
  {
    files: ['lib/http/deploy.ts'],
    runs: [['test/http/deploy-calls'], ['test/http/deploy.test', 'test/http/clients-of-pingone']],
  },
  {
    files: ['lib/webhook/*.ts'],
    runs: [
      ['keys', 'source', 'signatures', 'handler'].map((name) => `test/webhook/${name}`),
      ['test/webhook/repetition', 'test/webhook/webhook', 'test/webhook/standard-sender'],
    ],
  },
  {
    files: ['lib/runtime/connection.ts', 'lib/runtime/sockets.ts'],
    runs: [['test/runtime/connection', 'test/pingone/client']],
  },
];

/** Files that the explorer replaces by a model or does not check. */
const unexplored =
  /attempt-line|ledger\/(?:dynamodb|lambda-dynamodb|table|scan-open)|queue\/(?:publish|queues)|runtime\//;

/** The verdict of one run on a mutant; its name does not depend on other changes of the file. */
interface Row extends Verdict {
  readonly mutant: string;
  readonly run: string;
}

interface MutationOptions {
  readonly files: readonly string[];
  readonly continue?: boolean | undefined;
  readonly only?: string | undefined;
}

const mutate = async (values: MutationOptions): Promise<void> => {
  mkdirSync(join(root, '.build'), { recursive: true });
  execFileSync('git', ['clone', '--quiet', root, copy]);
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  if (!values.continue) rmSync(report, { force: true });
  const rows: readonly Row[] = existsSync(report)
    ? readFileSync(report, 'utf8')
        .split('\n')
        .flatMap((line) => (line ? JSON.parse(line) : []))
    : [];
  /** The time limit of each run that passes without any mutant, in milliseconds. */
  const limits = new Map<string, number>();
  const keyOf = ({ mutant, run }: Row) => `${mutant} ${run}`;
  const done = new Set(rows.filter(({ failed }) => failed === undefined).map(keyOf));
  const failures = new Map<string, string>();
  const noticed = new Set(rows.flatMap(({ mutant, by }) => (by === undefined ? [] : mutant)));
  const note = (row: Row): void => {
    appendFileSync(report, `${JSON.stringify(row)}\n`);
    if (row.by !== undefined) noticed.add(row.mutant);
    if (row.failed !== undefined) failures.set(row.mutant, `${row.run}: ${row.failed}`);
  };

  const seen = new Map<string, number>();
  const nameOf = ({ file, before, after }: Mutant): string => {
    const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 120);
    const name = `${file}: ${short(before)} -> ${short(after)}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return nth > 1 ? `${name} (${nth})` : name;
  };

  const mutants = suites.flatMap(({ files, runs }) =>
    files
      .flatMap((pattern) => globSync(pattern, { cwd: copy }).sort())
      .filter((file) => values.files.some((part) => file.includes(part)))
      .flatMap((file) => mutantsIn(file, readFileSync(join(copy, file), 'utf8')))
      .map((mutant) => ({ mutant, runs, name: nameOf(mutant) })),
  );
  const remaining = () => mutants.filter(({ name, mutant }) => !noticed.has(name) && redundant(mutant) === undefined);

  const explore = async (): Promise<void> => {
    const explorer = openExplorer(copy);
    for (const { name, mutant } of remaining()) {
      const run = 'explorer';
      if (unexplored.test(mutant.file) || done.has(keyOf({ mutant: name, run }))) continue;
      note({ mutant: name, run, ...(await explorer.verdictOn(mutant)) });
    }
    explorer.close();
  };

  const test = (nth: number): void => {
    for (const { name, mutant, runs } of remaining()) {
      const tests = runs[nth];
      const run = String(tests?.join(' '));
      if (!tests || done.has(keyOf({ mutant: name, run }))) continue;
      const limitMs = limits.get(run) ?? limitOf(copy, tests, mutant);
      limits.set(run, limitMs);
      note({ mutant: name, run, ...runTests(copy, tests, mutant, limitMs) });
    }
  };

  // The explorer takes longest on what it does not kill, so the quick tests go first.
  if (values.only !== 'explorer') test(0);
  if (values.only !== 'tests') await explore();
  const mostRuns = values.only === 'explorer' ? 0 : Math.max(...suites.map(({ runs }) => runs.length));
  for (let nth = 1; nth < mostRuns; nth++) test(nth);

  const survivors = values.only === 'explorer' ? [] : remaining();
  for (const { name, mutant } of survivors) {
    const failure = failures.get(name);
    const is = failure === undefined ? 'SURVIVED' : 'UNDECIDED';
    console.log(`${is} ${name}, line ${mutant.line}${failure === undefined ? '' : `: ${failure}`}`);
  }
  rmSync(copy, { recursive: true });
  const undecided = survivors.filter(({ name }) => failures.has(name)).length;
  console.log(
    `${mutants.length} mutants, ${survivors.length - undecided} survived, ${undecided} undecided by a crash or a time-out.`,
  );
  if (survivors.length > 0) process.exitCode = 1;
};

await runCommand(
  defineCommand({
    call: 'npm run mutate',
    summary: `Removes each guard of the code that creates exactly once, and runs the quick tests, the explorer and then the other tests, in
a copy of the last commit. A mutant that survives shows a guard that is untested or unnecessary.`,
    flags: {
      files: {
        type: 'string',
        argument: 'PART',
        multiple: true,
        default: [''],
        help: 'only files with this in their path',
      },
      continue: { type: 'boolean', help: 'continue from the results in .build/mutation.jsonl' },
      only: {
        type: 'string',
        argument: 'WHICH',
        choices: ['explorer', 'tests'],
        help: 'run only the explorer or only the tests, so that both can run in parallel',
      },
    },
    fails: 'a mutant survived, or a run crashed or timed out',
    run: ({ values }) => mutate(values),
  }),
);
