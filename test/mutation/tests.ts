import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, replaceIn } from './mutants.ts';
import type { Verdict } from './verdict.ts';

/** The longest run without a mutant, in milliseconds. */
const longestMs = 120_000;

/** Vitest's exit code if a test fails. */
const testsFailed = 1;

/** A time limit of tests with a mutant: four times as long as they take without it. Throws if they fail without it. */
export const limitOf = (copy: string, tests: readonly string[], { file }: Mutant): number => {
  const start = performance.now();
  const noMutant = { file, line: 1, from: 0, to: 0, before: '', after: '' };
  const { by, failed } = runTests(copy, tests, noMutant, longestMs);
  if (by ?? failed) throw new Error(`without any mutant these fail: ${tests.join(' ')} (${failed})`);
  return Math.ceil(4 * (performance.now() - start));
};

/** Runs tests in a copy of the project, with a mutant in it. */
export const runTests = (copy: string, tests: readonly string[], mutant: Mutant, limitMs: number): Verdict => {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, replaceIn(text, mutant));
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--bail', '1'];
  // One worker costs a third less than three. A thread ends with its process, even if a mutant never lets it return.
  const inOneThread = ['--maxWorkers', '1', '--pool', 'threads'];
  const { status, signal } = spawnSync(process.execPath, [...vitest, ...inOneThread, ...tests], {
    cwd: copy,
    env: { ...process.env, NODE_COMPILE_CACHE: join(copy, '.build', 'compiled') },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  writeFileSync(path, text);
  if (status === 0) return {};
  if (status === testsFailed) return { by: tests.join(' ') };
  // In CI tests that never end fail, too.
  if (signal === 'SIGKILL') return { by: `no end within ${limitMs} ms: ${tests.join(' ')}` };
  return { failed: `Vitest ended with ${status ?? signal}` };
};
