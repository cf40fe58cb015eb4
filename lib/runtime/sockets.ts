import * as net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import * as tls from 'node:tls';
import type { Clock } from './clock.ts';

/** The target of a call: a URL, parsed once. */
export interface Target {
  /** Scheme, name and port: the key of idle sockets. */
  readonly origin: string;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The `Host` header: the name, with the port unless it is the default. */
  readonly host: string;
  /** With the query. */
  readonly path: string;
}

export const targetOf = (url: string): Target => {
  const { origin, protocol, hostname, port, host, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { origin, secure, hostname: bare, port: Number(port || (secure ? 443 : 80)), host, path: pathname + search };
};

/** Sockets to servers. Idle ones are reused. */
export interface Sockets {
  /**
   * Returns an idle socket that can still be trusted, or undefined. A socket that its server has closed, or has sent data
   * on, cannot: the data would be read as the answer to the next request.
   */
  take(target: Target): Promise<net.Socket | undefined>;
  /** Opens a new socket, which is not connected yet. */
  open(target: Target): net.Socket;
  /** Connects in advance of a call; if that fails, the call connects itself. */
  preconnect(target: Target): void;
  /** Keeps an idle socket; `trustMs` is how long its server keeps it. */
  keep(target: Target, socket: net.Socket, trustMs: number): void;
}

/** The event of a socket that is ready for writing. */
export const connected = ({ secure }: Target) => (secure ? 'secureConnect' : 'connect');

/** `maximumIdleMs`: how long an idle socket is trusted, by wall clock: a frozen function's sockets die unnoticed. */
export const openSockets = ({ now }: Clock, maximumIdleMs = 5_000): Sockets => {
  const idle = new Map<string, Idle[]>();
  const sessions = new Map<string, Buffer>();

  const open: Sockets['open'] = ({ origin, secure, hostname, port }) => {
    const to = { host: hostname, port, noDelay: true, keepAlive: true };
    if (!secure) return net.connect(to).on('error', ignore);
    const servername = net.isIP(hostname) ? '' : hostname;
    // `rejectUnauthorized` here overrides NODE_TLS_REJECT_UNAUTHORIZED.
    const verified = {
      rejectUnauthorized: true,
      servername,
      ALPNProtocols: ['http/1.1'],
      session: sessions.get(origin),
    };
    return tls
      .connect({ ...to, ...verified })
      .on('session', (session) => sessions.set(origin, session))
      .on('error', ignore);
  };

  const keep: Sockets['keep'] = ({ origin }, socket, trustMs) => {
    const until = now() + Math.min(trustMs, maximumIdleMs);
    const entry = { socket, until, bytesRead: socket.bytesRead };
    const others = idle.get(origin);
    if (others) others.push(entry);
    else idle.set(origin, [entry]);
    socket.unref();
  };

  return {
    take: async ({ origin }) => {
      for (let entry = idle.get(origin)?.pop(); entry; entry = idle.get(origin)?.pop()) {
        await pendingReads();
        const { socket, until, bytesRead } = entry;
        if (socket.writable && socket.bytesRead === bytesRead && now() <= until) {
          return socket.ref();
        }
        socket.destroy();
      }
      return undefined;
    },
    open,
    preconnect: (target) => {
      const socket = open(target);
      socket.once(connected(target), () => keep(target, socket, maximumIdleMs));
    },
    keep,
  };
};

interface Idle {
  readonly socket: net.Socket;
  /** End of trust, in milliseconds since the epoch. */
  readonly until: number;
  /** Bytes read when it became idle. */
  readonly bytesRead: number;
}

/** Lets Node read data that has arrived: the next turn of the event loop sees the kernel's data. */
const pendingReads = async (): Promise<void> => {
  await setImmediate();
  await setImmediate();
};

/** A call listens to the errors of its own socket; an idle socket's errors do not matter. */
const ignore = () => {};
