import { createRequire } from 'node:module';
import type { SQSEvent } from 'aws-lambda';

/** An invocation, or without an event the question what the function has used since that was asked last. */
export interface Call {
  readonly id: number;
  readonly event?: SQSEvent;
}

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** What a function has used. */
export interface Usage {
  /** Of the whole process: garbage collection and compilation have threads of their own. */
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  /** What lives in the heap and what is not collected yet. */
  readonly peakHeapBytes: number;
}

/** As the queue functions are deployed, in milliseconds. */
const timeoutMs = 60_000;

const [, , bundle = ''] = process.argv;
const { handler }: { handler: (event: SQSEvent, context: object) => Promise<unknown> } = createRequire(import.meta.url)(
  bundle,
);

let before = process.cpuUsage();
let peakRssBytes = 0;
let peakHeapBytes = 0;

const measure = (): Usage => {
  const { user, system } = process.cpuUsage(before);
  const usage = { cpuMs: (user + system) / 1000, peakRssBytes, peakHeapBytes };
  before = process.cpuUsage();
  peakRssBytes = 0;
  peakHeapBytes = 0;
  return usage;
};

const invoke = async (event: SQSEvent): Promise<unknown> => {
  const end = Date.now() + timeoutMs;
  const result = await handler(event, { getRemainingTimeInMillis: () => end - Date.now() });
  const { rss, heapUsed } = process.memoryUsage();
  peakRssBytes = Math.max(peakRssBytes, rss);
  peakHeapBytes = Math.max(peakHeapBytes, heapUsed);
  return result;
};

process.on('message', async ({ id, event }: Call) => {
  try {
    process.send?.({ id, result: event === undefined ? measure() : await invoke(event) } satisfies Reply);
  } catch (error) {
    process.send?.({ id, error: String(error) } satisfies Reply);
  }
});
