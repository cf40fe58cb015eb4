import { format } from 'node:util';
import { vi } from 'vitest';
import { type Env, linesOf, noAwsFiles, type Printed, scriptOf } from './tool.ts';

let loads = 0;

/** Runs the script of an operator's tool as `tool` does, but in this process: a process of its own costs half a second. */
export const loadTool = async (name: string, args: readonly string[], env: Env = {}): Promise<Printed> => {
  const { argv, exitCode } = process;
  const printed = { stdout: '', stderr: '' };
  const printTo =
    (stream: 'stdout' | 'stderr') =>
    (...values: readonly unknown[]) => {
      printed[stream] += `${format(...values)}\n`;
    };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(printTo('stdout')),
    vi.spyOn(console, 'error').mockImplementation(printTo('stderr')),
  ];
  for (const setting of Object.keys(process.env).filter((each) => each.startsWith('AWS_')))
    vi.stubEnv(setting, undefined);
  for (const [setting, value] of Object.entries({ ...noAwsFiles, ...env })) vi.stubEnv(setting, value);
  process.argv = [process.execPath, scriptOf(name), ...args];
  process.exitCode = 0;
  try {
    // A script runs when it is loaded; another query loads it again.
    await import(/* @vite-ignore */ `${scriptOf(name)}?load=${loads++}`);
    return { lines: linesOf(printed.stdout), stderr: printed.stderr, code: Number(process.exitCode) };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
};
