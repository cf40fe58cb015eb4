import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsIn } from './mutants.ts';
import { redundant } from './redundant.ts';

/**
 * Takes each guard out of the code that makes a create happen once, in a copy of the last commit, and runs the tests of
 * it: a mutant that no test kills shows a guard that is not tested, or not needed.
 */

const { values } = parseArgs({
  options: { files: { type: 'string', multiple: true }, part: { type: 'string', default: '0/1' } },
});
const [part = 0, parts = 1] = values.part.split('/').map(Number);
const root = new URL('../..', import.meta.url).pathname;
const copy = join(root, '.build', `mutation-${part}`);
const report = join(root, '.build', `mutation-${part}.txt`);

/** What is mutated, and the tests that have to notice: quick and strict ones first, since the first failure ends a run. */
const suites = [
  {
    files: ['lib/provision/*.ts', 'lib/ledger/*.ts'],
    tests: ['open-sends', 'match', 'once', 'outcomes', 'races', 'upgrade', 'odd-lists']
      .map((name) => `test/provision/${name}`)
      .concat('test/queue/once', 'test/deadlines', 'test/explore'),
  },
  {
    files: ['lib/pingone/connection.ts', 'lib/pingone/sockets.ts'],
    tests: ['test/pingone/connection', 'test/pingone/client'],
  },
  { files: ['lib/queue/*.ts'], tests: ['test/queue', 'test/deadlines', 'test/test-events', 'test/documents/asyncapi'] },
];

rmSync(copy, { recursive: true, force: true });
mkdirSync(join(root, '.build'), { recursive: true });
execFileSync('git', ['clone', '--quiet', root, copy]);
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Whether the tests notice a mutant; one that never ends is noticed, too. */
const isKilled = ({ file, from, to, after }: Mutant, tests: readonly string[]): boolean => {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, from) + after + text.slice(to));
  const run = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--bail', '1', ...tests],
    { cwd: copy, timeout: 120_000, killSignal: 'SIGKILL' },
  );
  writeFileSync(path, text);
  return run.status !== 0;
};

const only = values.files ?? [''];
const mutants = suites
  .flatMap(({ files, tests }) =>
    files
      .flatMap((pattern) => globSync(pattern, { cwd: root }).sort())
      .filter((file) => only.some((part) => file.includes(part)))
      .flatMap((file) => mutantsIn(file, readFileSync(join(root, file), 'utf8')).map((mutant) => ({ mutant, tests }))),
  )
  .filter((_, index) => index % parts === part);
writeFileSync(report, '');
let survivors = 0;
for (const [index, { mutant, tests }] of mutants.entries()) {
  const { file, line, before, after } = mutant;
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 90);
  const reason = redundant(mutant);
  const killed = reason === undefined && isKilled(mutant, tests);
  if (!killed && reason === undefined) survivors++;
  const verdict = killed ? 'killed  ' : reason === undefined ? 'SURVIVED' : 'equal   ';
  const row = `${verdict} ${file}:${line}: ${short(before)} -> ${short(after)}${reason ? ` (${reason})` : ''}`;
  appendFileSync(report, `${row}\n`);
  if (!killed) console.log(`${index + 1}/${mutants.length} ${row}`);
}
console.log(`${mutants.length} mutants, ${survivors} survived.`);
if (survivors > 0) process.exitCode = 1;
