import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { GatewayError } from '../problems.ts';
import type { Clock } from './clock.ts';
import { connected, openSockets, type Target } from './sockets.ts';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Thrown if the server cannot have read a byte of the request: DNS, the connection or TLS failed, or took too long. */
export class NotSent extends GatewayError {
  override readonly name = 'NotSent';
}

/** Thrown if the server may have read the request, but no whole answer came; the request may have taken effect. */
export class AnswerLost extends GatewayError {
  override readonly name = 'AnswerLost';
}

export type Send = (outgoing: Outgoing, timeoutMs: number) => Promise<Answer>;

/** Room for a list of a few thousand resources; a longer answer is not read. */
const maximumAnswerBytes = 16 * 1024 * 1024;

/**
 * A keep-alive HTTP client. It returns a redirect like any other answer and does not follow it.
 * @throws NotSent or AnswerLost from each send, with its socket destroyed
 */
export const openConnections =
  (clock: Clock, sockets = openSockets(clock)): Send =>
  async ({ method, target, headers, body }, timeoutMs) => {
    const idle = await sockets.take(target);
    return new Promise((resolve, reject) => {
      const socket = idle ?? sockets.open(target);
      let sent = idle !== undefined;
      if (!sent) socket.once(connected(target), () => (sent = true));
      const clientRequest = request({
        method,
        // Not for the connection: instrumentation reads the host here.
        host: target.hostname,
        path: target.path,
        headers: { ...headers, host: target.host, connection: 'keep-alive' },
        createConnection: () => socket,
      });
      const fail = (message: string, cause?: unknown) => {
        callOff();
        clientRequest.destroy();
        reject(sent ? new AnswerLost(message, { cause }) : new NotSent(message, { cause }));
      };
      const callOff = clock.after(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));

      clientRequest.on('error', (cause) => fail('the connection failed', cause));
      clientRequest.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maximumAnswerBytes) fail(`the answer is larger than ${maximumAnswerBytes} bytes`);
          else chunks.push(chunk);
        });
        response.on('error', (cause) => fail('the answer broke off', cause));
        response.on('end', async () => {
          callOff();
          // Node.js reports a write over TLS in the next turn of its event loop, after an answer that came meanwhile.
          if (!clientRequest.writableFinished) await setImmediate();
          // Node.js closes the socket if the server does, and `take` does not use it then.
          if (clientRequest.writableFinished) sockets.keep(target, socket, keepAliveMs(response));
          else socket.destroy();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      clientRequest.end(body);
    });
  };

/** The server's keep-alive timeout, in milliseconds, less a second for the network. */
const keepAliveMs = ({ headers }: IncomingMessage): number => {
  const seconds = /timeout=(\d{1,9})/.exec(String(headers['keep-alive']))?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 - 1000;
};

/** The JSON value of an answer's body; undefined if the body isn't JSON in UTF-8. */
export const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
