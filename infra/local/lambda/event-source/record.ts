import type { SQSRecord } from 'aws-lambda';
import { region } from '../../aws/account.ts';
import { md5Of } from '../../aws/sqs/message.ts';
import type { Queue, Received } from '../../aws/sqs/queue.ts';
import { systemAttributes } from '../../aws/sqs/received.ts';

/** A message as a function gets it. */
export const recordOf = (queue: Queue, message: Received): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType, StringValue }]) => [
      name,
      { stringValue: StringValue, stringListValues: [], binaryListValues: [], dataType: DataType },
    ]),
  ),
  md5OfBody: md5Of(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
});
