import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { build } from 'esbuild';
import * as z from 'zod/mini';
import type { Call, Reply } from './function-process.ts';

/** What a function has used: its whole process, since garbage collection and compilation have threads of their own. */
const usage = z.object({
  cpuMs: z.number(),
  peakRssBytes: z.number(),
  /** With what is not collected yet. */
  peakHeapBytes: z.number(),
});

export type Usage = z.output<typeof usage>;

/** Starts a bundle in a process of its own, so that what it uses is its alone. */
export const startFunction = async (bundle: string, environment: Readonly<Record<string, string>>) => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  const child = fork(await builtProcess(), [bundle], {
    env: environment,
    // As deployed.
    execArgv: ['--enable-source-maps'],
    // What it logs goes to stderr: stdout has the figures.
    stdio: ['ignore', 2, 2, 'ipc'],
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

  const ask = (call: Omit<Call, 'id'>): Promise<unknown> => {
    const id = calls++;
    const reply = Promise.withResolvers<unknown>();
    waiting.set(id, reply);
    child.send({ ...call, id });
    return reply.promise;
  };

  return {
    invoke: (event: SQSEvent): Promise<unknown> => ask({ event }),
    /** What was used since this was asked last. */
    used: async (): Promise<Usage> => z.parse(usage, await ask({})),
    close: (): void => {
      child.kill();
    },
  };
};

export type MeasuredFunction = Awaited<ReturnType<typeof startFunction>>;

/** Built first: Node's own compiler of TypeScript would take 16 MB of the memory that is measured. */
const builtProcess = async (): Promise<string> => {
  const outfile = fileURLToPath(new URL('../../.build/bench/function-process.mjs', import.meta.url));
  const source = fileURLToPath(new URL('./function-process.ts', import.meta.url));
  await build({ entryPoints: [source], outfile, platform: 'node', format: 'esm', target: 'node24' });
  return outfile;
};
