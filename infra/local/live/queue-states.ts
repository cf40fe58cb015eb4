import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import type { QueueState } from './board.ts';

/** How queues and dead letters stand now; of a dead letter what the function said, or that it was received too often. */
export const queueStates = (queues: ReadonlyMap<string, EndpointQueues>): readonly QueueState[] =>
  [...queues].map(([endpoint, { queue, deadLetters }]) => ({
    endpoint,
    messages: queue.messages().length,
    deadLetters: deadLetters.messages().map(({ id, attributes, sentAt }) => ({
      id,
      code: attributes.Code?.StringValue ?? 'RECEIVED_TOO_OFTEN',
      at: sentAt,
    })),
  }));
