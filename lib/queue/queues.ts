import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { maximumMessageBytes } from '../contract.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';

/** What a queue function does to its own queue and its dead-letter queue; deadlines are in milliseconds since the epoch. */
export interface Queues {
  /** Moves a message to the dead-letter queue with why it is there; it is deleted once its batch is answered. */
  deadLetter(record: SQSRecord, reason: string, code: string, deadline: number): Promise<void>;
  /** Lets a message come again after a while, in milliseconds. */
  postpone(record: SQSRecord, milliseconds: number, deadline: number): Promise<void>;
}

/** SQS lets a message wait for twelve hours from its receipt. */
const longestSeconds = 43_200 - 60;

export const queuesAt = (sqs: SQSClient, queueUrl: string, deadLetterUrl: string, clock: Clock): Queues => ({
  deadLetter: async (record, reason, code, deadline) => {
    const why = { Reason: reason, Code: code, OriginalMessageId: record.messageId };
    const command = new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: record.body,
      // Where there is no room for them the message counts more: the log has its id and code.
      ...(sizeOf(record.body, why) <= maximumMessageBytes && { MessageAttributes: attributesOf(why) }),
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
