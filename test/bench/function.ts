import { fork } from 'node:child_process';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Call, Reply, Usage } from './function-process.ts';

const usage = z.object({ cpuMs: z.number(), peakRssBytes: z.number(), peakHeapBytes: z.number() });

/** A function in a process of its own, so that what it uses is its alone. */
export const startFunction = (bundle: string, environment: Readonly<Record<string, string>>) => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  // Its log goes to stderr: stdout has the figures.
  const child = fork(new URL('./function-process.ts', import.meta.url), [bundle], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  child.on('message', ({ id, result, error }: Reply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(`the function failed: ${error}`));
  });
  child.once('exit', (code) => {
    for (const call of waiting.values()) call.reject(new Error(`the function's process ended with ${code}`));
  });

  const send = (call: Omit<Call, 'id'>): Promise<unknown> => {
    const id = calls++;
    const reply = Promise.withResolvers<unknown>();
    waiting.set(id, reply);
    child.send({ ...call, id });
    return reply.promise;
  };

  return {
    invoke: (event: SQSEvent) => send({ event }),
    /** What was used since this was asked last. */
    used: async (): Promise<Usage> => z.parse(usage, await send({})),
    close: async () => void child.kill(),
  };
};
