import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** What a queue function does to its own queue and its dead-letter queue. */
export interface Queues {
  /** Moves a message to the dead-letter queue with why it is there; it is deleted once its batch is answered. */
  bury(record: SQSRecord, reason: string, code: string): Promise<void>;
  /** Lets a message come again after a while, in milliseconds. */
  postpone(record: SQSRecord, milliseconds: number): Promise<void>;
}

/** SQS lets a message wait for twelve hours from its receipt. */
const longestSeconds = 43_200 - 60;

export const queuesAt = (sqs: SQSClient, queueUrl: string, deadLetterUrl: string): Queues => ({
  bury: async (record, reason, code) => {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: deadLetterUrl,
        MessageBody: record.body,
        MessageAttributes: {
          Reason: attribute(reason),
          Code: attribute(code),
          OriginalMessageId: attribute(record.messageId),
        },
      }),
    );
  },

  postpone: async ({ receiptHandle }, milliseconds) => {
    const VisibilityTimeout = Math.min(longestSeconds, Math.ceil(milliseconds / 1000));
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }),
    );
  },
});
