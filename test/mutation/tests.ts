import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, replaceIn } from './mutants.ts';
import type { Verdict } from './verdict.ts';

/** Time-out of one run, in milliseconds: about ten times as long as the slowest takes. */
const longestMs = 120_000;

/** Vitest's exit code if a test fails. */
const testsFailed = 1;

/** Runs tests in a copy of the project, with a mutant in it. */
export const runTests = (copy: string, tests: readonly string[], mutant: Mutant): Verdict => {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, replaceIn(text, mutant));
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--bail', '1'];
  // One worker costs a third less than three. A thread ends with its process, even if a mutant never lets it return.
  const inOneThread = ['--maxWorkers', '1', '--pool', 'threads'];
  const { status, signal, error } = spawnSync(process.execPath, [...vitest, ...inOneThread, ...tests], {
    cwd: copy,
    timeout: longestMs,
    killSignal: 'SIGKILL',
  });
  writeFileSync(path, text);
  if (status === 0) return {};
  if (status === testsFailed) return { by: tests.join(' ') };
  return { failed: error?.message ?? `Vitest ended with ${status ?? signal}` };
};
