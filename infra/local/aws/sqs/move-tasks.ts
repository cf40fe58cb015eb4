import { randomUUID } from 'node:crypto';
import { invalidValue, sqsError } from './errors.ts';
import type { Queue } from './queue.ts';

/** Redrives of dead-letter queues. Each is complete as soon as it starts. */
export const createMoveTasks = (queues: ReadonlyMap<string, Queue>, now: () => number) => {
  const tasks: { readonly SourceArn: string; readonly [member: string]: unknown }[] = [];

  const find = (arn: string, parameter: string): Queue => {
    const queue = [...queues.values()].find((known) => known.arn === arn);
    if (queue !== undefined) return queue;
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw sqsError('ResourceNotFoundException', message);
  };

  return {
    start: (SourceArn: string, DestinationArn: string) => {
      const source = find(SourceArn, 'SourceArn');
      const destination = find(DestinationArn, 'DestinationArn');
      if (![...queues.values()].some(({ deadLetter }) => deadLetter?.queue.arn === SourceArn))
        throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
      if (destination === source) throw invalidValue('Source queue arn and destination queue arn cannot be the same.');

      const visible = source.messages().filter(({ visibleAt }) => visibleAt <= now());
      for (const message of visible) {
        destination.send(message);
        source.remove(message);
      }
      tasks.unshift({
        Status: 'COMPLETED',
        SourceArn,
        DestinationArn,
        ApproximateNumberOfMessagesMoved: visible.length,
        ApproximateNumberOfMessagesToMove: visible.length,
        StartedTimestamp: now(),
      });
      return { TaskHandle: randomUUID() };
    },
    list: (sourceArn: string) => ({ Results: tasks.filter(({ SourceArn }) => SourceArn === sourceArn).slice(0, 10) }),
  };
};

export type MoveTasks = ReturnType<typeof createMoveTasks>;
