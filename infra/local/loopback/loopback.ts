import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Outgoing, type StreamReply, write } from './outgoing.ts';
import { json, type Reply } from './reply.ts';

/** API Gateway's limit for a request body, in bytes. */
export const maxBodyBytes = 10 * 1024 * 1024;

/** A request, read whole. */
export interface Arrival {
  readonly method: string;
  /** As received: still percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values alternate; duplicates included. */
  readonly rawHeaders: readonly string[];
  /** At most one byte above `maxBodyBytes`; the rest is read and dropped. */
  readonly body: Buffer;
  /** Aborted when the caller has its answer or has disconnected. */
  readonly over: AbortSignal;
}

/** Answers a request or breaks its connection. */
export type Answer = (arrival: Arrival) => Promise<Outgoing>;

/** A page of the local run. The deployed API has none. */
export type Page = (arrival: Arrival) => Promise<Reply | StreamReply>;

export interface Loopback {
  readonly port: number;
  readonly url: string;
  /** Sets the function that answers; every request before gets 503. */
  answer(answer: Answer): void;
  /** Stops listening and destroys every connection. */
  close(): Promise<void>;
}

/** Connections that may wait, as many as Linux's default; more are reset without an answer. */
const backlog = 4_096;

/** Thrown for a port that another process listens on. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`port ${port} on 127.0.0.1 is not free`, { cause });
    this.port = port;
  }
}

/**
 * Opens an HTTP server for this machine alone; port 0 is any free one. A slow caller gets 408, and an idle connection is
 * closed after `keepAliveMs`.
 */
export const listen = async (port: number, requestTimeoutMs = 30_000, keepAliveMs = 5_000): Promise<Loopback> => {
  let answer: Answer = async () => ({ status: 503 });
  const limits = {
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 10,
    keepAliveTimeout: keepAliveMs,
  };
  const server = createServer(limits, (request, response) => serve(request, response, (arrival) => answer(arrival)));
  server.listen({ port, host: '127.0.0.1', backlog });
  await once(server, 'listening').catch((cause: unknown) => {
    throw new PortUnavailable(port, cause);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    answer: (next) => {
      answer = next;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const serve = async (request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> => {
  const body = await readBody(request).catch(() => undefined);
  // The caller disconnected in the middle of its request.
  if (body === undefined) return;
  const over = new AbortController();
  // Without a reason, each abort would create an error with its stack.
  response.once('close', () => over.abort('the answer is out'));
  try {
    write(response, isLocal(request.headers.host) ? await answer(arrivalOf(request, body, over.signal)) : misdirected);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) write(response, json(500, { message: 'Internal Server Error' }));
  }
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk).subarray(0, maxBodyBytes + 1 - length);
    length += part.length;
    if (part.length > 0) chunks.push(part);
  }
  return Buffer.concat(chunks);
};

const misdirected = json(421, { message: 'Misdirected Request' });

/** Guards tokens and secrets against a web page with a host name re-bound to 127.0.0.1. */
const isLocal = (host: string | undefined): boolean =>
  host === undefined || /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);

const arrivalOf = (request: IncomingMessage, body: Buffer, over: AbortSignal): Arrival => {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: query.join('?'),
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
    over,
  };
};
