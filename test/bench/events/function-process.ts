import { createRequire } from 'node:module';
import type { Context, SQSEvent } from 'aws-lambda';
import { functionLimits } from '../../../infra/deployment.ts';
import { answerParent } from '../answer-parent.ts';
import { logAsLambda } from '../http/invocation.ts';

/** An invocation; without an event, asks for the usage since the last such question. */
interface Question {
  readonly event?: SQSEvent;
}

const [, , bundle = ''] = process.argv;
logAsLambda();
const loaded: { handler(event: SQSEvent, context: Partial<Context>): Promise<unknown> } = createRequire(
  import.meta.url,
)(bundle);

let begin = process.cpuUsage();
let peakRssBytes = 0;
let peakHeapBytes = 0;

const used = () => {
  const { user, system } = process.cpuUsage(begin);
  const usage = { cpuMs: (user + system) / 1000, peakRssBytes, peakHeapBytes };
  [peakRssBytes, peakHeapBytes] = [0, 0];
  begin = process.cpuUsage();
  return usage;
};

const invoke = async (event: SQSEvent): Promise<unknown> => {
  const end = Date.now() + functionLimits.queue.timeoutSeconds * 1000;
  const result = await loaded.handler(event, { getRemainingTimeInMillis: () => end - Date.now() });
  const { rss, heapUsed } = process.memoryUsage();
  peakRssBytes = Math.max(peakRssBytes, rss);
  peakHeapBytes = Math.max(peakHeapBytes, heapUsed);
  return result;
};

answerParent(({ event }: Question) => (event === undefined ? used() : invoke(event)));
