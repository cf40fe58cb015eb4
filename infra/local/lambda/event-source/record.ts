import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { region } from '../../aws/account.ts';
import { md5Of } from '../../aws/sqs/message.ts';
import { type MessageAttributes, md5OfAttributes } from '../../aws/sqs/message-attributes.ts';
import type { Queue, Received } from '../../aws/sqs/queue.ts';
import { systemAttributes } from '../../aws/sqs/received.ts';

/** A message as a function gets it. */
export const recordOf = (queue: Queue, message: Received): SQSRecord => {
  const md5OfMessageAttributes = md5OfAttributes(message.attributes);
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: attributesOf(message.attributes),
    ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
    md5OfBody: md5Of(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
};

const attributesOf = (attributes: MessageAttributes): SQSMessageAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
