import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventSources } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Wishes } from '../ledger/wishes.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';
import { serviceOf } from './service.ts';
import type { WishMessage } from './wish-message.ts';

/** A created resource that waits for a deployment. */
export interface Wished {
  readonly requestID: string;
  readonly caller: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly resource: string;
}

/**
 * Counts up the wish for a deployment and sends its delayed message, before the request is closed: so no crash forgets it.
 * Returns the wish's number.
 * @throws LedgerUnavailable, Problem QUEUE_UNAVAILABLE
 */
export type Wish = (wished: Wished, deadline: number) => Promise<number>;

export interface WishParts {
  readonly endpoint: Endpoint;
  readonly wishes: (deadline: number) => Wishes;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** How long a deployment waits for further creates, in milliseconds. */
  readonly delayMs: number;
  readonly clock: Clock;
}

export const wishMessage = (wish: Omit<WishMessage, 'source'>): string =>
  JSON.stringify({ source: eventSources.wish, ...wish });

export const wishWith =
  ({ endpoint, wishes, sqs, queueUrl, delayMs, clock }: WishParts): Wish =>
  async (wished, deadline) => {
    const service = serviceOf(endpoint, wished.parameters);
    if (!service) throw new Error(`${endpoint.name} needs no deployment`);
    const wish = await wishes(deadline).wish(service.path, wished.caller, clock.now());
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: wishMessage({ ...wished, parameters: { ...wished.parameters }, wish }),
      DelaySeconds: Math.ceil(delayMs / 1000),
    });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal })).catch((cause) => {
      throw new Problem('QUEUE_UNAVAILABLE', 'The deployment could not be queued; retry with the same key.', { cause });
    });
    return wish;
  };
