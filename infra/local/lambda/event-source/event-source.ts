import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { requestQueue } from '../../../deployment.ts';
import type { Queue } from '../../aws/sqs/queue.ts';
import { batchesOf } from './batches.ts';
import { failuresIn } from './failures.ts';
import { recordOf } from './record.ts';

export interface EventSourceOptions {
  readonly queue: Queue;
  /** The function; what it throws fails its batch. */
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  readonly batchSize?: number;
  /** How many invocations at a time, 2 by default, which is the least that AWS takes. */
  readonly maximumConcurrency?: number;
}

/**
 * Lambda's event source mapping with `ReportBatchItemFailures`: hands what a queue has to a function and deletes what
 * that function doesn't report as failed. The rest is received again when its visibility timeout is over.
 */
export const startEventSource = ({
  queue,
  invoke,
  batchSize = requestQueue.batchSize,
  maximumConcurrency = 2,
}: EventSourceOptions) => {
  const closing = new AbortController();
  const { signal } = closing;

  const work = async (records: readonly SQSRecord[]): Promise<void> => {
    const failed = await failuresOf(records);
    if (failed === undefined || signal.aborted) return;
    for (const { messageId, receiptHandle } of records) {
      if (!failed.has(messageId)) queue.delete(receiptHandle);
    }
  };

  const failuresOf = async (records: readonly SQSRecord[]): Promise<ReadonlySet<string> | undefined> => {
    try {
      const answer = await invoke({ Records: [...records] });
      return failuresIn(answer, new Set(records.map(({ messageId }) => messageId)));
    } catch {
      return undefined;
    }
  };

  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      const messages = await queue.receive({ max: batchSize, waitSeconds: Number.POSITIVE_INFINITY, signal });
      for (const batch of batchesOf(messages.map((message) => recordOf(queue, message)))) await work(batch);
    }
  };

  for (let poller = 0; poller < maximumConcurrency; poller++) void poll();
  return {
    /** Receives no more, and deletes nothing that is still being worked at. */
    close: async (): Promise<void> => closing.abort(),
  };
};
