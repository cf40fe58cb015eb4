import { randomUUID } from 'node:crypto';
import { sqsError } from './errors.ts';

/** A handle for one receive of one message. */
export const createReceiptHandle = (queueArn: string, messageID: string): string =>
  Buffer.from([randomUUID(), queueArn, messageID].join(' ')).toString('base64');

/** The id of the message that a handle of this queue is for. @throws AwsError */
export const messageIDOf = (queueArn: string, handle: string): string => {
  const [, arn, messageID] = Buffer.from(handle, 'base64').toString().split(' ');
  if (arn === queueArn && messageID !== undefined) return messageID;
  throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
};
