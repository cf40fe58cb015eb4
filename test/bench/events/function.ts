import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { built, type ChildOptions, startChild } from '../child.ts';

/** What a function has used: its whole process, since garbage collection and compilation have threads of their own. */
const usage = z.object({
  cpuMs: z.number(),
  peakRssBytes: z.number(),
  /** With what is not collected yet. */
  peakHeapBytes: z.number(),
});

export type Usage = z.output<typeof usage>;

/** Starts a bundle in a process of its own, so that what it uses is its alone. */
export const startFunction = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
  log: ChildOptions['log'],
) => {
  const { ask, close } = startChild({
    file: await built(new URL('./function-process.ts', import.meta.url)),
    args: [bundle],
    environment,
    // As deployed.
    execArgv: ['--enable-source-maps'],
    log,
  });
  return {
    invoke: (event: SQSEvent): Promise<unknown> => ask({ event }),
    /** What was used since this was asked last. */
    used: async (): Promise<Usage> => z.parse(usage, await ask({})),
    close,
  };
};

export type MeasuredFunction = Awaited<ReturnType<typeof startFunction>>;
