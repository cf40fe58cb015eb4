import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../lib/runtime/clock.ts';
import { account, region } from '../account.ts';
import { type Content, checkContent, type Message } from './message.ts';
import { createReceiptHandle, messageIDOf } from './receipt-handle.ts';
import { hide } from './visibility.ts';
import { createWaiting } from './waiting.ts';

export interface QueueOptions {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  /** Takes a message after its last receive, in place of one more. */
  readonly deadLetter?: { readonly queue: Queue; readonly maxReceiveCount: number };
}

export interface Receive {
  /** 1 by default. */
  readonly max?: number | undefined;
  /** The queue's by default. */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** How long to wait for a first message, 0 by default. Infinity is for callers in this process. */
  readonly waitSeconds?: number | undefined;
  readonly signal?: AbortSignal;
}

/** A message and the handle of this receive. */
export type Received = Message & { readonly receiptHandle: string };

/** A standard queue: delivers at least once, in no promised order (here by age). Its calls throw AwsError. */
export interface Queue extends QueueOptions {
  readonly arn: string;
  send(content: Content, delaySeconds?: number): Message;
  receive(receive?: Receive): Promise<readonly Received[]>;
  /** Does nothing after a newer receive of the message. */
  delete(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, seconds: number): void;
  /** Takes a message of another queue, unchanged. */
  accept(message: Message): void;
  /** All messages, oldest first, visible or not. */
  messages(): readonly Message[];
  remove(message: Message): void;
}

export const createQueue = (clock: Clock, options: QueueOptions): Queue => {
  const { name, visibilityTimeoutSeconds: ownTimeout, deadLetter } = options;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  const messages = new Map<string, Message>();
  const waiting = createWaiting(clock);

  const accept = (message: Message): void => {
    messages.set(message.id, message);
    waiting.wake();
  };

  /** Receives one visible message, or moves it to the dead letters after its last receive. */
  const take = (message: Message, now: number, timeoutSeconds: number): readonly Received[] => {
    if (deadLetter && message.receiveCount >= deadLetter.maxReceiveCount) {
      messages.delete(message.id);
      deadLetter.queue.accept({ ...message, visibleAt: now, movedFrom: arn });
      return [];
    }
    const receiptHandle = createReceiptHandle(arn, message.id);
    const visibleAt = now + timeoutSeconds * 1000;
    const received = { receiptHandle, visibleAt, receivedAt: now, receiveCount: message.receiveCount + 1 };
    message.firstReceivedAt ??= now;
    Object.assign(message, received);
    return [{ ...message, receiptHandle }];
  };

  const takeVisible = (max: number, timeoutSeconds: number): readonly Received[] => {
    const now = clock.now();
    const received: Received[] = [];
    for (const message of messages.values()) {
      if (received.length === max) break;
      if (message.visibleAt <= now) received.push(...take(message, now, timeoutSeconds));
    }
    return received;
  };

  const nextVisible = (): number =>
    [...messages.values()].reduce((earliest, { visibleAt }) => Math.min(earliest, visibleAt), Infinity);

  return {
    ...options,
    arn,
    accept,
    send: (content, delaySeconds = 0) => {
      checkContent(content);
      const { body, attributes = {} } = content;
      const now = clock.now();
      const visibleAt = now + delaySeconds * 1000;
      const message = { id: randomUUID(), body, attributes, sentAt: now, receiveCount: 0, visibleAt };
      accept(message);
      return message;
    },
    receive: async ({ max = 1, visibilityTimeoutSeconds = ownTimeout, waitSeconds = 0, signal } = {}) => {
      const until = clock.now() + waitSeconds * 1000;
      while (!signal?.aborted) {
        const received = takeVisible(max, visibilityTimeoutSeconds);
        const now = clock.now();
        if (received.length > 0 || now >= until) return received;
        await waiting.wait(Math.min(until, nextVisible()) - now, signal);
      }
      return [];
    },
    changeVisibility: (receiptHandle, seconds) => {
      hide(messages.get(messageIDOf(arn, receiptHandle)), receiptHandle, seconds, clock.now());
      waiting.wake();
    },
    delete: (receiptHandle) => {
      const id = messageIDOf(arn, receiptHandle);
      if (messages.get(id)?.receiptHandle === receiptHandle) messages.delete(id);
    },
    messages: () => [...messages.values()],
    remove: ({ id }) => {
      messages.delete(id);
    },
  };
};
