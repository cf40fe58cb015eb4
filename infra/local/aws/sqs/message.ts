import { createHash } from 'node:crypto';
import { maximumMessageBytes } from '../../../../lib/contract.ts';
import { invalidValue, missing, sqsError } from './errors.ts';
import { checkAttributes, type MessageAttributes, sizeOfAttributes } from './message-attributes.ts';

/** What a sender sends. */
export interface Content {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
}

/** A message as the queue keeps it; times in milliseconds since 1970. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  /** The queue that it was moved from, having been received too often. */
  readonly movedFrom?: string;
  firstReceivedAt?: number;
  receivedAt?: number;
  receiveCount: number;
  /** It is received by nobody before. */
  visibleAt: number;
  /** Of its newest receive. */
  receiptHandle?: string;
}

/** Bytes of a message, as its limit counts them. */
export const sizeOf = ({ body, attributes = {} }: Content): number =>
  Buffer.byteLength(body) + sizeOfAttributes(attributes);

/** Refuses what SQS does not take. @throws AwsError */
export const checkContent = (content: Content): void => {
  if (content.body === '') throw missing('MessageBody');
  checkAttributes(content.attributes ?? {});
  const texts = [content.body, ...Object.values(content.attributes ?? {}).map(({ StringValue = '' }) => StringValue)];
  if (texts.some((text) => notXml.test(text)))
    throw sqsError('InvalidMessageContents', 'Invalid characters were found in the message.');
  if (sizeOf(content) > maximumMessageBytes)
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`,
    );
};

export const md5Of = (body: string): string => createHash('md5').update(body).digest('hex');

/** What is no character of XML 1.0, lone surrogates included. */
const notXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
