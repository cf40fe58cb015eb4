import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'vitest';

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** This Node.js is what a snippet finds first; Terraform asks nobody for a newer one. */
const base = {
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: process.env.HOME,
  NODE_OPTIONS: process.env.NODE_OPTIONS,
  CHECKPOINT_DISABLE: '1',
};

/** Runs a program to its end. Not synchronously: what it calls may be in this process. */
export const run = async (program: string, args: readonly string[], { env, input, cwd }: Run = {}) => {
  const child = spawn(program, args, { env: { ...base, ...env }, cwd });
  const ended = once(child, 'close');
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
};

/** Runs a script as GitHub does, up to its first failure; and without the settings of whoever is at this machine. */
export const bash = (script: string, options?: Run) => run('bash', ['--norc', '-e', '-u', '-c', script], options);

const installed = new Map<string, boolean>();

/** Whether a program runs here; some take a second to say so. */
const isInstalled = (program: string): boolean => {
  const known =
    installed.get(program) ??
    spawnSync(program, [program === 'openssl' ? 'version' : '--version'], { env: base }).status === 0;
  installed.set(program, known);
  return known;
};

/** A test that is skipped, and says why, where this machine lacks one of the programs. */
export const itWith = (...programs: readonly string[]) => {
  const missing = programs.filter((program) => !isInstalled(program));
  return (sentence: string, test: () => Promise<void>, timeoutMs?: number): void => {
    if (missing.length === 0) it(sentence, test, timeoutMs);
    else it.skip(`${sentence} (skipped: there is no ${missing.join(', no ')} here)`, test);
  };
};
