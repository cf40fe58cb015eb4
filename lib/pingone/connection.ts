import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';

/** Where a call goes, as Node's HTTP client wants it: what is read of a URL once and not for each call. */
export interface Target {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** With the query. */
  readonly path: string;
}

export const targetOf = (url: string): Target => {
  const { protocol, hostname, port, path } = urlToHttpOptions(new URL(url));
  return {
    protocol: protocol ?? '',
    hostname: hostname ?? '',
    port: port ? Number(port) : undefined,
    path: path ?? '/',
  };
};

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Thrown when no byte of the request can have been read: the name, the connection or TLS failed, or took too long. */
export class NotSent extends GatewayError {
  override readonly name = 'NotSent';
}

/** Thrown when the request may have been read but no whole answer came; it doesn't say whether the request took effect. */
export class AnswerLost extends GatewayError {
  override readonly name = 'AnswerLost';
}

export type Send = (outgoing: Outgoing, timeoutMs: number) => Promise<Answer>;

/** A list of a few thousand resources; more than this is not read. */
const maximumAnswerBytes = 16 * 1024 * 1024;

/** How long an idle connection is trusted, in milliseconds of wall clock: a frozen function's sockets die unseen. */
const maximumIdleMs = 5_000;

/**
 * One keep-alive HTTP stack. A redirect is an answer like any other and is not followed.
 * Each send resolves with the whole answer, or throws NotSent or AnswerLost with its socket destroyed.
 */
export const openConnections = (clock: Clock): Send => {
  /** Connections that can carry a request: `reusedSocket` doesn't tell where a request waited for one. */
  const ready = new WeakSet<Socket>();
  const answered = new WeakMap<Socket, number>();
  const schemes = {
    'http:': { request: http.request, agent: new http.Agent({ keepAlive: true, maxSockets }) },
    // Said here, it holds whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    'https:': {
      request: https.request,
      agent: new https.Agent({ keepAlive: true, maxSockets, rejectUnauthorized: true }),
    },
  };

  return ({ method, target, headers, body }, timeoutMs) => {
    const { request, agent } = target.protocol === 'http:' ? schemes['http:'] : schemes['https:'];
    for (const socket of Object.values(agent.freeSockets).flat()) {
      if (socket && clock.now() - (answered.get(socket) ?? 0) > maximumIdleMs) socket.destroy();
    }
    return new Promise((resolve, reject) => {
      let sent = false;
      let connection: Socket | undefined;
      const clientRequest = request({ ...target, method, headers, agent });
      const fail = (message: string, cause?: unknown) => {
        callOff();
        clientRequest.destroy();
        reject(sent ? new AnswerLost(message, { cause }) : new NotSent(message, { cause }));
      };
      const callOff = clock.after(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));

      clientRequest.on('socket', (socket) => {
        connection = socket;
        if (ready.has(socket)) {
          sent = true;
          return;
        }
        socket.once(target.protocol === 'http:' ? 'connect' : 'secureConnect', () => {
          ready.add(socket);
          sent = true;
        });
      });
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
        response.on('end', () => {
          callOff();
          if (connection) answered.set(connection, clock.now());
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      clientRequest.end(body);
    });
  };
};

const maxSockets = 256;

/** The JSON value of an answer's body; undefined where it isn't JSON in UTF-8. */
export const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
