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
  /** Where a message goes in place of one more receive. */
  readonly deadLetter?: { readonly queue: Queue; readonly maxReceiveCount: number };
}

export interface Receive {
  /** 1 by default. */
  readonly max?: number | undefined;
  /** The queue's by default. */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** How long to wait for a first message, 0 by default; infinite is for callers in this process. */
  readonly waitSeconds?: number | undefined;
  readonly signal?: AbortSignal;
}

/** A message and the handle of this receive. */
export type Received = Message & { readonly receiptHandle: string };

/** A standard queue: at least once, in no promised order (here by age). Its calls throw AwsError. */
export interface Queue extends QueueOptions {
  readonly arn: string;
  send(content: Content, delaySeconds?: number): Message;
  receive(receive?: Receive): Promise<readonly Received[]>;
  /** Does nothing where the message was received again since. */
  delete(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, seconds: number): void;
  /** Takes a message as it is from another queue. */
  accept(message: Message): void;
  /** All that are in the queue, oldest first, visible or not. */
  messages(): readonly Message[];
  remove(message: Message): void;
}

export const createQueue = (clock: Clock, options: QueueOptions): Queue => {
  const { name, visibilityTimeoutSeconds: ownTimeout, deadLetter } = options;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  const kept = new Map<string, Message>();
  const waiting = createWaiting(clock);

  const accept = (message: Message): void => {
    kept.set(message.id, message);
    waiting.wake();
  };

  const take = (max: number, timeoutSeconds: number): readonly Received[] => {
    const now = clock.now();
    const taken: Received[] = [];
    for (const message of kept.values()) {
      if (taken.length === max) break;
      if (message.visibleAt > now) continue;
      if (deadLetter && message.receiveCount >= deadLetter.maxReceiveCount) {
        kept.delete(message.id);
        deadLetter.queue.accept({ ...message, visibleAt: now, movedFrom: arn });
        continue;
      }
      message.firstReceivedAt ??= now;
      message.receivedAt = now;
      message.receiveCount += 1;
      message.visibleAt = now + timeoutSeconds * 1000;
      message.receiptHandle = createReceiptHandle(arn, message.id);
      taken.push({ ...message, receiptHandle: message.receiptHandle });
    }
    return taken;
  };

  const nextVisible = (): number =>
    [...kept.values()].reduce((at, message) => Math.min(at, message.visibleAt), Infinity);

  const receive = async ({ max = 1, visibilityTimeoutSeconds = ownTimeout, waitSeconds = 0, signal }: Receive = {}) => {
    const until = clock.now() + waitSeconds * 1000;
    while (!signal?.aborted) {
      const taken = take(max, visibilityTimeoutSeconds);
      const now = clock.now();
      if (taken.length > 0 || now >= until) return taken;
      await waiting.wait(Math.min(until, nextVisible()) - now, signal);
    }
    return [];
  };

  const changeVisibility = (receiptHandle: string, seconds: number): void => {
    hide(kept.get(messageIDOf(arn, receiptHandle)), receiptHandle, seconds, clock.now());
    waiting.wake();
  };

  return {
    ...options,
    arn,
    accept,
    receive,
    changeVisibility,
    send: (content, delaySeconds = 0) => {
      checkContent(content);
      const now = clock.now();
      const { body, attributes = {} } = content;
      const visibleAt = now + delaySeconds * 1000;
      const message = { id: randomUUID(), body, attributes, sentAt: now, receiveCount: 0, visibleAt };
      accept(message);
      return message;
    },
    delete: (receiptHandle) => {
      const id = messageIDOf(arn, receiptHandle);
      if (kept.get(id)?.receiptHandle === receiptHandle) kept.delete(id);
    },
    messages: () => [...kept.values()],
    remove: ({ id }) => {
      kept.delete(id);
    },
  };
};
