import type { Clock } from '../../../../lib/runtime/clock.ts';
import { account } from '../account.ts';
import { type AwsService, answerJson } from '../service.ts';
import { noSuchQueue } from './errors.ts';
import { createMoveTasks } from './move-tasks.ts';
import { sqsOperations } from './operations.ts';
import { createQueue, type Queue, type QueueOptions } from './queue.ts';

/** A queue and where it is found. */
export interface AddressedQueue extends Queue {
  readonly url: string;
}

export interface Sqs extends AwsService {
  createQueue(options: QueueOptions): AddressedQueue;
}

/** SQS with standard queues in memory; their URLs start with `origin`. */
export const createSqs = (clock: Clock, origin: string): Sqs => {
  const queues = new Map<string, Queue>();

  const urlOf = ({ name }: Pick<Queue, 'name'>): string => `${origin}/${account}/${name}`;

  const named = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  };

  /** By path alone: this machine has more than one name. */
  const at = (url: string): Queue => named(new RegExp(`^https?://[^/]+/${account}/([\\w-]+)/?$`).exec(url)?.[1] ?? '');

  return {
    target: 'AmazonSQS',
    createQueue: (options) => {
      const queue = createQueue(clock, options);
      queues.set(queue.name, queue);
      return { ...queue, url: urlOf(queue) };
    },
    answer: answerJson(
      '1.0',
      sqsOperations({ at, named, urlOf, queues, moveTasks: createMoveTasks(queues, clock.now), now: clock.now }),
    ),
  };
};
