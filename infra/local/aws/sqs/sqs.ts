import type { Clock } from '../../../../lib/runtime/clock.ts';
import { account } from '../account.ts';
import { type AwsService, answerJson } from '../service.ts';
import { noSuchQueue } from './errors.ts';
import { createMoveTasks } from './move-tasks.ts';
import { sqsOperations } from './operations.ts';
import { createQueue, type Queue, type QueueOptions } from './queue.ts';

/** A queue and its URL. */
export interface AddressedQueue extends Queue {
  readonly url: string;
}

interface Sqs extends AwsService {
  createQueue(options: QueueOptions): AddressedQueue;
}

/** SQS with standard queues in memory; their URLs start with `origin`. */
export const createSqs = (clock: Clock, origin: string): Sqs => {
  const queues = new Map<string, Queue>();

  /** By path alone: this machine has more than one name. */
  const queueAt = (url: string): Queue => {
    const queue = queues.get(new RegExp(`^https?://[^/]+/${account}/([\\w-]+)/?$`).exec(url)?.[1] ?? '');
    if (queue === undefined) throw noSuchQueue();
    return queue;
  };

  return {
    target: 'AmazonSQS',
    createQueue: (options) => {
      const queue = createQueue(clock, options);
      queues.set(queue.name, queue);
      return { ...queue, url: `${origin}/${account}/${queue.name}` };
    },
    answer: answerJson(
      '1.0',
      sqsOperations({ queueAt, moveTasks: createMoveTasks(queues, clock.now), now: clock.now }),
    ),
  };
};
