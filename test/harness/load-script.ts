import { format } from 'node:util';
import { vi } from 'vitest';

/** A script's output and exit code. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

let loads = 0;

/** Runs a script to its end as `node FILE ARGS` does, but in this process: a process of its own costs half a second. */
export const loadScript = async (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> => {
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
  for (const [setting, value] of Object.entries(env)) vi.stubEnv(setting, value);
  const listening = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  process.argv = [process.execPath, file, ...args];
  process.exitCode = 0;
  try {
    // A script runs when it is loaded; another query loads it again.
    await import(/* @vite-ignore */ `${file}?load=${loads++}`);
    return { ...printed, code: Number(process.exitCode) };
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    for (const signal of signals) {
      const before = listening.get(signal) ?? [];
      for (const listener of process.listeners(signal))
        if (!before.includes(listener)) process.removeListener(signal, listener);
    }
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
};

const signals = ['SIGINT', 'SIGTERM'] as const;
