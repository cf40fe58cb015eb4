import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { requestQueue } from '../../../deployment.ts';
import type { Queue } from '../../aws/sqs/queue.ts';
import { batchesOf } from './batches.ts';
import { failuresIn } from './failures.ts';
import { recordOf } from './record.ts';

export interface EventSourceOptions {
  readonly queue: Queue;
  /** The function. An error fails its batch. */
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  readonly batchSize?: number;
  /** Invocations at a time; 2 by default, AWS's minimum. */
  readonly maximumConcurrency?: number;
}

/**
 * Lambda's event source mapping with `ReportBatchItemFailures`: gives a queue's messages to a function and deletes those
 * that the function does not report as failed. The others are received again after their visibility timeout.
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
    /** Ends receiving. Messages in progress are not deleted. */
    close: async (): Promise<void> => closing.abort(),
  };
};
