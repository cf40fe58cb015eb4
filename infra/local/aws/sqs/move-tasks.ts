import { randomUUID } from 'node:crypto';
import { invalidValue, sqsError } from './errors.ts';
import type { Queue } from './queue.ts';

/** Redrives of dead-letter queues. They are done as they start. */
export interface MoveTasks {
  start(sourceArn: string, destinationArn: string | undefined): object;
  list(sourceArn: string): object;
}

export const createMoveTasks = (queues: ReadonlyMap<string, Queue>, now: () => number): MoveTasks => {
  const done: { readonly SourceArn: string; readonly [member: string]: unknown }[] = [];

  const find = (arn: string, parameter: string): Queue => {
    const queue = [...queues.values()].find((known) => known.arn === arn);
    if (queue !== undefined) return queue;
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw sqsError('ResourceNotFoundException', message);
  };

  return {
    start: (SourceArn, DestinationArn) => {
      const source = find(SourceArn, 'SourceArn');
      const destination = DestinationArn === undefined ? undefined : find(DestinationArn, 'DestinationArn');
      if (![...queues.values()].some(({ deadLetter }) => deadLetter?.queue.arn === SourceArn))
        throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
      if (destination === source) throw invalidValue('Source queue arn and destination queue arn cannot be the same.');

      const waiting = source.messages().filter(({ visibleAt }) => visibleAt <= now());
      let moved = 0;
      for (const message of waiting) {
        // SQS remembers a source for those alone that it moved itself.
        const target = destination ?? (message.movedFrom && find(message.movedFrom, 'SourceArn'));
        if (!target) break;
        target.send(message);
        source.remove(message);
        moved += 1;
      }
      const failed = moved < waiting.length;
      const TaskHandle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: SourceArn })).toString('base64');
      done.unshift({
        Status: failed ? 'FAILED' : 'COMPLETED',
        ...(failed && { FailureReason: 'CouldNotDetermineMessageSource' }),
        SourceArn,
        ...(DestinationArn !== undefined && { DestinationArn }),
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: waiting.length,
        StartedTimestamp: now(),
      });
      return { TaskHandle };
    },
    list: (sourceArn) => ({ Results: done.filter(({ SourceArn }) => SourceArn === sourceArn).slice(0, 10) }),
  };
};
