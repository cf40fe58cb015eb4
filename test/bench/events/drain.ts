import { setImmediate } from 'node:timers/promises';
import type { SQSEvent } from 'aws-lambda';
import { eventOf } from '../../../infra/local/aws/event-bridge/event.ts';
import { localSource } from '../../../infra/local/gateway/local-grants.ts';
import { startEventSource } from '../../../infra/local/lambda/event-source/event-source.ts';
import type { StandIns } from '../stand-ins.ts';

/** Puts an event into the queue as the bus does; returns the event's id. */
export const put = ({ endpoint, queues: { queue } }: StandIns, name: string): string => {
  const detail = { version: '1', ...endpoint.example.parameters, body: { ...endpoint.example.body, name } };
  const entry = { Source: localSource, DetailType: endpoint.event, Detail: JSON.stringify(detail) };
  const made = eventOf(entry, Date.now());
  if ('ErrorCode' in made) throw new Error(made.ErrorMessage);
  queue.send({ body: made.json });
  return made.event.id;
};

/**
 * Sends all messages of the queue to a function in concurrent batches of 10, until each is answered.
 * Throws if the function fails or does not acknowledge a message.
 */
export const drain = async (
  { queues: { queue, deadLetters }, countRequests }: StandIns,
  invoke: (event: SQSEvent) => Promise<unknown>,
  maximumConcurrency: number,
): Promise<void> => {
  let left = queue.messages().length;
  const answered = Promise.withResolvers<void>();
  const source = startEventSource({
    queue,
    maximumConcurrency,
    invoke: async (event) => {
      const answer = await invoke(event).catch(answered.reject);
      countRequests();
      left -= event.Records.length;
      if (left === 0) answered.resolve();
      return answer;
    },
  });
  try {
    await answered.promise;
    // The event source deletes its last batch now.
    await setImmediate();
  } finally {
    await source.close();
  }
  const lost = queue.messages().length + deadLetters.messages().length;
  if (lost > 0) throw new Error(`${lost} events were not acknowledged, or are among the dead letters.`);
};
