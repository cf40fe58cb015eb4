import type { ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import type { Reply } from './reply.ts';

/**
 * An answer that stops in the middle of its body. If `rest` resolves to true, the second half follows; if to false, the
 * connection ends before `Content-Length` is reached.
 */
interface HalfReply extends Reply {
  readonly rest: Promise<boolean>;
}

/** An answer with a stream as its body. The stream is destroyed when the caller disconnects or the server closes. */
export interface StreamReply extends Omit<Reply, 'body'> {
  readonly stream: Readable;
}

/** An answer, a reset of the connection, or no answer while the caller waits. */
export type Outgoing = Reply | HalfReply | StreamReply | 'reset' | 'hang';

/** Writes an answer. A hanging response ends with its connection. */
export const write = (response: ServerResponse, outgoing: Outgoing): void => {
  if (outgoing === 'hang') return;
  if (outgoing === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  for (const [name, value] of Object.entries(outgoing.headers ?? {})) response.setHeader(name, value);
  response.statusCode = outgoing.status;
  if ('stream' in outgoing) pipeline(outgoing.stream, response, () => {});
  else if ('rest' in outgoing) writeHalf(response, outgoing);
  else response.end(outgoing.body);
};

const writeHalf = (response: ServerResponse, { body = '', rest }: HalfReply): void => {
  const bytes = Buffer.from(body);
  const half = Math.floor(bytes.length / 2);
  response.setHeader('content-length', bytes.length);
  response.write(bytes.subarray(0, half), async () => {
    const follows = await rest;
    if (response.destroyed) return;
    if (follows) response.end(bytes.subarray(half));
    else response.destroy();
  });
};
