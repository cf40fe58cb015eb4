import { account } from '../account.ts';
import { type Message, md5Of } from './message.ts';
import { type MessageAttributes, md5OfAttributes, selectAttributes } from './message-attributes.ts';
import type { Received } from './queue.ts';

/** Who sent every message. */
const senderID = account;

/** What SQS itself says about a message. */
export const systemAttributes = (message: Message) => ({
  SenderId: senderID,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ...(message.movedFrom !== undefined && { DeadLetterQueueSourceArn: message.movedFrom }),
});

/** A message as ReceiveMessage answers it, with the attributes that were asked for. */
export const describeReceived = (
  message: Received,
  wanted: { readonly system: readonly string[]; readonly own: readonly string[] },
) => {
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => wanted.system.includes('All') || wanted.system.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5Of(message.body),
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...ownAttributes(selectAttributes(message.attributes, wanted.own)),
  };
};

const ownAttributes = (attributes: MessageAttributes) => {
  const md5 = md5OfAttributes(attributes);
  return md5 === undefined ? {} : { MessageAttributes: attributes, MD5OfMessageAttributes: md5 };
};
