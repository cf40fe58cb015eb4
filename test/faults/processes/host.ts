// First: the modules below may keep a reference to `Date.now`.
import './clock-offset.ts';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { createRequire } from 'node:module';
import { inInvocation, nameInvocationInCalls } from '../../../infra/local/lambda/invocation-scope.ts';
import { writeJsonLines } from '../../../infra/local/lambda/json-console.ts';

/** One invocation, as it is sent to this process. */
export interface Invocation {
  readonly id: string;
  readonly event: unknown;
  /** Milliseconds until Lambda's time-out. */
  readonly remainingMs: number;
  /** Whether the process stops itself just before its first create leaves. */
  readonly stopsBeforeSend: boolean;
}

/** A message of this process: it has started, it is about to stop itself, or the result of its invocation. */
export type HostMessage =
  | 'started'
  | 'stopping'
  | { readonly result: string }
  | { readonly errorType: string; readonly errorMessage: string };

const [, , bundle = '', functionName = ''] = process.argv;

const post = (message: HostMessage): void => {
  process.send?.(message);
};

let stopsBeforeSend = false;

/** Stops after the send is recorded and before its first byte is sent; the parent process continues it. */
subscribe('http.client.request.created', (message) => {
  const { request } = Object(message);
  if (!stopsBeforeSend || !(request instanceof ClientRequest)) return;
  if (request.method !== 'POST' || !request.path.startsWith('/v1/')) return;
  stopsBeforeSend = false;
  post('stopping');
  process.kill(process.pid, 'SIGSTOP');
});

writeJsonLines();
nameInvocationInCalls();

const { handler } = createRequire(import.meta.url)(bundle);

const invoke = async ({ id, event, remainingMs }: Invocation): Promise<HostMessage> => {
  const end = performance.now() + remainingMs;
  const context = {
    awsRequestId: id,
    functionName,
    getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
  };
  try {
    const result: unknown = await handler(event, context);
    return { result: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { errorType: error instanceof Error ? error.name : typeof error, errorMessage: String(error) };
  }
};

process.on('message', async (invocation: Invocation) => {
  stopsBeforeSend = invocation.stopsBeforeSend;
  post(await inInvocation(invocation.id, () => invoke(invocation)));
});
process.on('disconnect', () => process.exit());

post('started');
