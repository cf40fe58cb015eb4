import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { built, type ChildOptions, startChild } from '../child.ts';

/** The usage of a function's whole process: garbage collection and compilation have their own threads. */
const usage = z.object({
  cpuMs: z.number(),
  peakRssBytes: z.number(),
  /** With garbage that is not collected yet. */
  peakHeapBytes: z.number(),
});

export type Usage = z.output<typeof usage>;

/** Starts a bundle in its own process, so that its usage can be measured. */
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
    /** The usage since the last call. */
    used: async (): Promise<Usage> => z.parse(usage, await ask({})),
    close,
  };
};

export type MeasuredFunction = Awaited<ReturnType<typeof startFunction>>;
