import { account } from '../account.ts';
import { type Message, md5Of } from './message.ts';
import type { Received } from './queue.ts';

/** SQS's own attributes of a message. */
export const systemAttributes = (message: Message) => ({
  SenderId: account,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ...(message.movedFrom !== undefined && { DeadLetterQueueSourceArn: message.movedFrom }),
});

/** A message as ReceiveMessage answers it, with the attributes that its receiver names. */
export const describeReceived = (
  message: Received,
  wanted: { readonly system: readonly string[]; readonly own: readonly string[] },
) => ({
  MessageId: message.id,
  ReceiptHandle: message.receiptHandle,
  Body: message.body,
  MD5OfBody: md5Of(message.body),
  Attributes: selected(systemAttributes(message), wanted.system),
  MessageAttributes: selected(message.attributes, wanted.own),
});

/** The attributes that a caller names, or all; undefined where there are none. */
export const selected = <Value>(all: Readonly<Record<string, Value>>, wanted: readonly string[]) => {
  const entries = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};
