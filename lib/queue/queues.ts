import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import { within } from '../within.ts';

/** What a queue function does to its own queue and its dead-letter queue; deadlines are in milliseconds since the epoch. */
export interface Queues {
  /** Moves a message to the dead-letter queue with why it is there; it is deleted once its batch is answered. */
  bury(record: SQSRecord, reason: string, code: string, deadline: number): Promise<void>;
  /** Lets a message come again after a while, in milliseconds. */
  postpone(record: SQSRecord, milliseconds: number, deadline: number): Promise<void>;
}

/** SQS lets a message wait for twelve hours from its receipt. */
const longestSeconds = 43_200 - 60;

export const queuesAt = (sqs: SQSClient, queueUrl: string, deadLetterUrl: string, clock: Clock): Queues => ({
  bury: async (record, reason, code, deadline) => {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const command = new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: record.body,
      MessageAttributes: {
        Reason: attribute(reason),
        Code: attribute(code),
        OriginalMessageId: attribute(record.messageId),
      },
    });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal }));
  },

  postpone: async ({ receiptHandle }, milliseconds, deadline) => {
    const VisibilityTimeout = Math.min(longestSeconds, Math.ceil(milliseconds / 1000));
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout,
    });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal }));
  },
});
