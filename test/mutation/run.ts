import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openExplorer } from './explorer.ts';
import { type Mutant, mutantsIn, replaceIn } from './mutants.ts';
import { redundant } from './redundant.ts';

/**
 * Takes each guard out of the code that makes a create happen once, and runs the explorer and then the tests of it, those
 * in a copy of the last commit: a mutant that nothing kills shows a guard that is not tested, or not needed.
 */

const { values } = parseArgs({
  options: {
    files: { type: 'string', multiple: true, default: [''] },
    continue: { type: 'boolean' },
    explore: { type: 'boolean' },
  },
});
const root = new URL('../..', import.meta.url).pathname;
const copy = join(root, '.build', 'mutation');
const report = join(root, '.build', 'mutation.jsonl');

/** What is mutated, and the tests that have to notice, in runs one after the other: quick and strict ones first. */
const suites = [
  {
    files: ['lib/provision/*.ts', 'lib/ledger/*.ts'],
    runs: [
      ['open-sends', 'match', 'once', 'outcomes', 'explored'].map((name) => `test/provision/${name}`),
      ['test/provision', 'test/queue/once', 'test/deadlines', 'test/open-requests'],
    ],
  },
  {
    files: ['lib/queue/*.ts'],
    runs: [['test/queue'], ['test/deadlines', 'test/test-events', 'test/documents/asyncapi']],
  },
  {
    files: ['lib/pingone/connection.ts', 'lib/pingone/sockets.ts'],
    runs: [['test/pingone/connection', 'test/pingone/client']],
  },
];

/** The explorer has a model in their place, or does not look at what they do. */
const unexplored = /attempt-line|ledger\/(?:table|scan-open)|queue\/(?:publish|queues)|pingone\//;

/** Which tests notice a mutant; one that never ends is noticed, too. */
const noticedByTests = (mutant: Mutant, runs: readonly (readonly string[])[]): string | undefined => {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, replaceIn(text, mutant));
  const failing = runs.find((tests) => {
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/vitest.config.ts',
      '--bail',
      '1',
      ...tests,
    ];
    return spawnSync(process.execPath, args, { cwd: copy, timeout: 120_000, killSignal: 'SIGKILL' }).status !== 0;
  });
  writeFileSync(path, text);
  return failing?.join(' ');
};

/** What is known of a mutant, by a name that other changes of its file leave as it is. */
interface Row {
  readonly mutant: string;
  /** By what it was noticed. */
  readonly by?: string | undefined;
}

rmSync(copy, { recursive: true, force: true });
mkdirSync(join(root, '.build'), { recursive: true });
execFileSync('git', ['clone', '--quiet', root, copy]);
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
if (!values.continue) rmSync(report, { force: true });
const rows: readonly Row[] = existsSync(report)
  ? readFileSync(report, 'utf8')
      .split('\n')
      .flatMap((line) => (line ? JSON.parse(line) : []))
  : [];
const explored = new Set(rows.map(({ mutant }) => mutant));
const noticed = new Set(rows.flatMap(({ mutant, by }) => (by === undefined ? [] : mutant)));
const note = (mutant: string, by: string | undefined): void => {
  appendFileSync(report, `${JSON.stringify({ mutant, by })}\n`);
  explored.add(mutant);
  if (by !== undefined) noticed.add(mutant);
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
const explorer = openExplorer(copy);
for (const { name, mutant } of mutants) {
  if (!unexplored.test(mutant.file) && !explored.has(name) && redundant(mutant) === undefined)
    note(name, await explorer.noticedBy(mutant));
}
explorer.close();

if (values.explore) process.exit();
let survivors = 0;
for (const { name, mutant, runs } of mutants.filter((one) => !noticed.has(one.name))) {
  const reason = redundant(mutant);
  if (reason === undefined) note(name, noticedByTests(mutant, runs));
  if (noticed.has(name)) continue;
  if (reason === undefined) survivors++;
  console.log(
    `${reason === undefined ? 'SURVIVED' : 'equal'} ${name}, line ${mutant.line}${reason ? `: ${reason}` : ''}`,
  );
}
console.log(`${mutants.length} mutants, ${survivors} survived.`);
if (survivors > 0) process.exitCode = 1;
