import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import type { QueuedMessage } from './fact.ts';
import { arrivalIn } from './watch.ts';

/** All messages of all queues and dead-letter queues, as they stand now. */
export const queuedMessages = (queues: ReadonlyMap<string, EndpointQueues>): readonly QueuedMessage[] =>
  [...queues].flatMap(([endpoint, { queue, deadLetters }]) =>
    [queue, deadLetters].flatMap((each) =>
      each.messages().map(({ id, body, attributes, receiveCount, visibleAt }) => {
        const original = attributes.OriginalMessageId?.StringValue;
        return {
          id,
          ids: [arrivalIn(body, original ?? id), ...(original === undefined ? [] : [original])],
          endpoint,
          isDead: each === deadLetters,
          receives: receiveCount,
          visibleAt,
          code: each === deadLetters ? (attributes.Code?.StringValue ?? 'RECEIVED_TOO_OFTEN') : undefined,
          body,
        };
      }),
    ),
  );
