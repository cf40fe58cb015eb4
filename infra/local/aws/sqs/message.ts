import { createHash } from 'node:crypto';
import { maximumMessageBytes } from '../../../../lib/contract.ts';
import { invalidValue, missing, sqsError } from './errors.ts';

/** Attributes of a message by name; binary attributes are not supported. */
export type MessageAttributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;

/** The content of a message, as its sender gives it. */
export interface Content {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
}

/** A message in a queue; times in milliseconds since 1970. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  /** The queue that moved the message to its dead letters. */
  readonly movedFrom?: string;
  firstReceivedAt?: number;
  receivedAt?: number;
  receiveCount: number;
  /** Time of its next possible receive. */
  visibleAt: number;
  /** Of its newest receive. */
  receiptHandle?: string;
}

/** Refuses content that SQS does not take. @throws AwsError */
export const checkContent = ({ body, attributes = {} }: Content): void => {
  if (body === '') throw missing('MessageBody');
  const parts = Object.entries(attributes).map(([name, { DataType, StringValue }]) => name + DataType + StringValue);
  if ([body, ...parts].some((text) => notXml.test(text)))
    throw sqsError('InvalidMessageContents', 'Invalid characters were found in the message.');
  const empty = Object.keys(attributes).find((name) => attributes[name]?.StringValue === '');
  if (empty !== undefined) throw invalidValue(`Message (user) attribute '${empty}' must contain a non-empty value.`);
  if (Buffer.byteLength([body, ...parts].join('')) > maximumMessageBytes)
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`,
    );
};

export const md5Of = (body: string): string => createHash('md5').update(body).digest('hex');

/** A character that XML 1.0 lacks, lone surrogates included. */
const notXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
