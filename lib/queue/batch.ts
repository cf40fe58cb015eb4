import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { describeError, type Log } from '../runtime/logger.ts';
import type { OpenOutbox } from './outbox.ts';
import type { Publish } from './publish.ts';

/**
 * Processes the messages of a batch at the same time, and returns those that SQS must redeliver. `process`: whether SQS may
 * delete its message; if it throws, only its own message fails.
 */
export const processBatch = async (
  { outbox, log }: { readonly outbox: OpenOutbox; readonly log: Log },
  records: readonly SQSRecord[],
  process: (record: SQSRecord, publish: Publish) => Promise<boolean>,
): Promise<SQSBatchResponse> => {
  const withPublish = outbox(records.length);
  const isDone = async (record: SQSRecord): Promise<boolean> => {
    try {
      return await withPublish((publish) => process(record, publish));
    } catch (error) {
      log('error', { message: record.messageId, error: describeError(error) });
      return false;
    }
  };
  const done = await Promise.all(records.map(isDone));
  const failed = records.filter((_, index) => !done[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
