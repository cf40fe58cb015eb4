import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Invocation, Outcome, WorkerStart } from './worker.ts';

/** An error of a function, in Lambda's terms. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly errorMessage: string;

  constructor(errorType: string, errorMessage: string, trace?: string) {
    super(`${errorType}: ${errorMessage}`);
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    if (trace !== undefined) this.stack = trace;
  }
}

/** Called with each line that a function writes. */
export type OnLog = (line: string, stream: 'stdout' | 'stderr') => void;

export interface InstanceOptions extends WorkerStart {
  /** The function's whole `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: OnLog;
  /** Called once, when the instance can take no more invocations. */
  readonly onEnd: () => void;
}

/** One running copy of a function. */
export interface Instance {
  invoke(invocation: Invocation): Promise<unknown>;
  /** Fails an invocation that has not ended. */
  abandon(id: string, error: FunctionError): void;
  inFlight(): number;
  stop(): Promise<void>;
}

/** Starts a copy of a function in its own worker. If the worker dies, its invocations fail. */
export const startInstance = ({
  bundle,
  functionName,
  memoryMB,
  environment,
  onLog,
  onEnd,
}: InstanceOptions): Instance => {
  const inFlight = new Map<string, PromiseWithResolvers<unknown>>();
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: functionName,
    workerData: { bundle, functionName, memoryMB } satisfies WorkerStart,
    env: { ...environment, ...compileCache },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  forward(worker.stdout, (line) => onLog(line, 'stdout'));
  forward(worker.stderr, (line) => onLog(line, 'stderr'));

  let death: FunctionError | undefined;
  worker.on('message', (outcome: Outcome) => {
    const waiting = inFlight.get(outcome.id);
    inFlight.delete(outcome.id);
    if ('result' in outcome) return waiting?.resolve(JSON.parse(outcome.result));
    waiting?.reject(new FunctionError(outcome.errorType, outcome.errorMessage, outcome.trace));
  });
  worker.once('error', (error) => {
    death = error instanceof Error ? new FunctionError(error.name, error.message, error.stack) : undefined;
  });
  worker.once('exit', (code) => {
    onEnd();
    const cause = death ?? new FunctionError('Runtime.ExitError', `Runtime exited with error: exit status ${code}`);
    for (const waiting of inFlight.values()) waiting.reject(cause);
    inFlight.clear();
  });

  return {
    invoke: (invocation) => {
      const waiting = Promise.withResolvers<unknown>();
      inFlight.set(invocation.id, waiting);
      worker.postMessage(invocation);
      return waiting.promise;
    },
    abandon: (id, error) => {
      inFlight.get(id)?.reject(error);
      inFlight.delete(id);
    },
    inFlight: () => inFlight.size,
    stop: async () => {
      await worker.terminate();
    },
  };
};

const forward = (stream: Readable, onLine: (line: string) => void): void => {
  createInterface({ input: stream }).on('line', onLine);
};

/** A worker reads TypeScript and bundles in half the time when this process did so before. */
const compileCache = process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
