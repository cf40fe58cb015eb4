import { fork } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Call, Reply } from './answer-parent.ts';

export interface ChildOptions {
  /** The script of the process. */
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
  /** `inherit` logs to stderr, since stdout has the figures. */
  readonly log: 'inherit' | 'ignore';
}

/** Starts a process that answers questions. */
export const startChild = ({ file, args, environment, execArgv, log }: ChildOptions) => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  const child = fork(file, args, {
    env: environment,
    execArgv: [...execArgv],
    stdio: ['ignore', log === 'ignore' ? log : 2, 2, 'ipc'],
  });
  child.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('result' in reply) call?.resolve(reply.result);
    else call?.reject(new Error(`the function failed: ${reply.error}`));
  });
  child.once('exit', (code) => {
    for (const call of waiting.values()) call.reject(new Error(`the function's process ended with ${code}`));
  });

  return {
    ask: (question: unknown): Promise<unknown> => {
      const id = calls++;
      const reply = Promise.withResolvers<unknown>();
      waiting.set(id, reply);
      child.send({ id, question } satisfies Call);
      return reply.promise;
    },
    close: (): void => {
      child.kill();
    },
  };
};

/** Bundles a script: Node.js would take 16 MB of the measured memory, and time, to compile its TypeScript. */
export const built = async (source: URL): Promise<string> => {
  const file = fileURLToPath(source);
  const outfile = fileURLToPath(new URL(`../../.build/bench/${basename(file, '.ts')}.mjs`, import.meta.url));
  await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node24' });
  return outfile;
};
