// First: what is loaded below may keep `Date.now`.
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
  /** In how many milliseconds Lambda would stop the function. */
  readonly remainingMs: number;
  /** Whether the process stops itself just before its first create leaves. */
  readonly stopsBeforeSend: boolean;
}

/** What this process says: that it has started, that it stops itself now, or what became of its invocation. */
export type Said =
  | 'started'
  | 'stopping'
  | { readonly result: string }
  | { readonly errorType: string; readonly errorMessage: string };

const [, , bundle = '', functionName = ''] = process.argv;

const say = (said: Said): void => {
  process.send?.(said);
};

let stopsBeforeSend = false;

/** After the send is recorded, before its first byte leaves; whoever started this process wakes it. */
subscribe('http.client.request.created', (message) => {
  const { request } = Object(message);
  if (!stopsBeforeSend || !(request instanceof ClientRequest)) return;
  if (request.method !== 'POST' || !request.path.startsWith('/v1/')) return;
  stopsBeforeSend = false;
  say('stopping');
  process.kill(process.pid, 'SIGSTOP');
});

writeJsonLines();
nameInvocationInCalls();

const { handler } = createRequire(import.meta.url)(bundle);

const invoke = async ({ id, event, remainingMs }: Invocation): Promise<Said> => {
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
  say(await inInvocation(invocation.id, () => invoke(invocation)));
});
process.on('disconnect', () => process.exit());

say('started');
