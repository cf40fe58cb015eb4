import { PassThrough } from 'node:stream';
import type { StreamReply } from './outgoing.ts';

/** Sends one server-sent event with its data as JSON. */
export type SendEvent = (event: string, data: unknown) => void;

/** An answer of server-sent events. `begin` gets the function that sends one, and returns the function that ends all. */
export const eventStream = (begin: (send: SendEvent) => () => void): StreamReply => {
  const stream = new PassThrough();
  const end = begin((event, data) => stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  stream.once('close', end);
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    stream,
  };
};
