import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { inInvocation, nameInvocationInCalls } from './invocation-scope.ts';
import { writeJsonLines } from './json-console.ts';

/** The data of a new worker. */
export interface WorkerStart {
  /** The file that exports `handler`. */
  readonly bundle: string;
  readonly functionName: string;
  readonly memoryMB: number;
}

/** An invocation for the worker. */
export interface Invocation {
  readonly id: string;
  readonly event: unknown;
  /** The time-out, in milliseconds since 1970. */
  readonly deadline: number;
}

/** The end of an invocation: its result as JSON, or its error in Lambda's terms. */
export type Outcome =
  | { readonly id: string; readonly result: string }
  | { readonly id: string; readonly errorType: string; readonly errorMessage: string; readonly trace?: string };

const { bundle, functionName, memoryMB }: WorkerStart = workerData;

// Node.js has read it; a function sees only its own environment.
delete process.env.NODE_COMPILE_CACHE;
writeJsonLines();
nameInvocationInCalls();

const loaded: unknown = createRequire(import.meta.url)(bundle);

const invoke = async (invocation: Invocation): Promise<Outcome> => {
  const { id, event } = invocation;
  try {
    if (typeof loaded !== 'object' || loaded === null || !('handler' in loaded)) throw notFound;
    if (typeof loaded.handler !== 'function') throw notFound;
    const result: unknown = await loaded.handler(event, contextOf(invocation));
    return { id, result: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    if (!(error instanceof Error)) return { id, errorType: typeof error, errorMessage: String(error) };
    return { id, errorType: error.name, errorMessage: error.message, trace: error.stack };
  }
};

const notFound = Object.assign(new Error('the bundle exports no function `handler`'), {
  name: 'Runtime.HandlerNotFound',
});

const contextOf = ({ id, deadline }: Invocation) => ({
  awsRequestId: id,
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${functionName}`,
  memoryLimitInMB: String(memoryMB),
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

parentPort?.on('message', async (invocation: Invocation) =>
  parentPort?.postMessage(await inInvocation(invocation.id, () => invoke(invocation))),
);
