import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { maximumMessageBytes } from '../contract.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';

/** A queue and its dead-letter queue. Deadlines are in milliseconds since the epoch. */
export interface Queues {
  /** Copies a message to the dead-letter queue with the reason; SQS deletes the original when its batch is answered. */
  deadLetter(record: SQSRecord, reason: string, code: string, deadline: number): Promise<void>;
  /** Redelivers a message after a wait in milliseconds. */
  postpone(record: SQSRecord, milliseconds: number, deadline: number): Promise<void>;
}

/** SQS limits a message's visibility timeout to twelve hours from its receipt. */
const longestSeconds = 43_200 - 60;

export const queuesAt = (sqs: SQSClient, queueUrl: string, deadLetterUrl: string, clock: Clock): Queues => ({
  deadLetter: async (record, reason, code, deadline) => {
    const attributes = { Reason: reason, Code: code, OriginalMessageId: record.messageId };
    const command = new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: record.body,
      // A message too large for attributes goes without: the log has its id and code.
      ...(sizeOf(record.body, attributes) <= maximumMessageBytes && { MessageAttributes: attributesOf(attributes) }),
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

const dataType = 'String';

const attributesOf = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { DataType: dataType, StringValue: value }]));

const sizeOf = (body: string, values: Readonly<Record<string, string>>): number =>
  Buffer.byteLength([body, ...Object.entries(values).map(([name, value]) => name + dataType + value)].join(''));
