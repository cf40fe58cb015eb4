import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import { membersOf, parseJson } from '../loopback/json.ts';
import type { QueuedMessage } from './observation.ts';

/** All messages of all queues and dead-letter queues. */
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

/** The id of the event or accepted request in a message; the message's own id if it is unreadable. */
export const arrivalIn = (body: string, message: string): string => {
  const { requestID, arrivalID, id } = membersOf(parseJson(body));
  if (typeof arrivalID === 'string' && typeof requestID === 'string') return arrivalID;
  return typeof id === 'string' && id !== '' ? id : message;
};
