import * as net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import * as tls from 'node:tls';
import type { Clock } from '../runtime/clock.ts';

/** Where a call goes: what is read of a URL once and not for each call. */
export interface Target {
  /** Scheme, name and port: what sockets are told apart by. */
  readonly origin: string;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The `Host` header: the name, and the port where it isn't the usual one. */
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

/** Sockets to servers, of which the idle ones are used again. */
export interface Sockets {
  /**
   * An idle socket that can still be trusted; undefined where there is none. One that its server has closed, or sent
   * anything over, is not: what it sent would count as the answer to the next request.
   */
  take(target: Target): Promise<net.Socket | undefined>;
  /** A new socket, which is not connected yet. */
  open(target: Target): net.Socket;
  /** Connects for a call that will come; if that fails, the call connects itself. */
  ahead(target: Target): void;
  /** Keeps a socket over which nothing is under way; `trustMs` is how long its server keeps it. */
  keep(target: Target, socket: net.Socket, trustMs: number): void;
}

/** What a socket emits when it can be written to. */
export const connected = ({ secure }: Target) => (secure ? 'secureConnect' : 'connect');

/** How long an idle socket is trusted, in milliseconds of wall clock: a frozen function's sockets die unseen. */
const maximumIdleMs = 5_000;

export const openSockets = ({ now }: Clock): Sockets => {
  const idle = new Map<string, Idle[]>();
  const sessions = new Map<string, Buffer>();

  const open: Sockets['open'] = ({ origin, secure, hostname, port }) => {
    const to = { host: hostname, port, noDelay: true, keepAlive: true };
    if (!secure) return net.connect(to).on('error', ignore);
    const servername = net.isIP(hostname) ? '' : hostname;
    // Said here, it holds whatever NODE_TLS_REJECT_UNAUTHORIZED says.
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
    const kept = { socket, until, bytesRead: socket.bytesRead };
    const others = idle.get(origin);
    if (others) others.push(kept);
    else idle.set(origin, [kept]);
    socket.unref();
  };

  return {
    take: async ({ origin }) => {
      for (let kept = idle.get(origin)?.pop(); kept; kept = idle.get(origin)?.pop()) {
        await pendingReads();
        const { socket, until, bytesRead } = kept;
        if (socket.writable && !socket.readableEnded && socket.bytesRead === bytesRead && now() <= until) {
          return socket.ref();
        }
        socket.destroy();
      }
      return undefined;
    },
    open,
    ahead: (target) => {
      const socket = open(target);
      socket.once(connected(target), () => keep(target, socket, maximumIdleMs));
    },
    keep,
  };
};

interface Idle {
  readonly socket: net.Socket;
  /** How long it is trusted, in milliseconds since the epoch. */
  readonly until: number;
  /** How much was read when it became idle. */
  readonly bytesRead: number;
}

/** Lets Node read what has arrived by now: what the kernel has is seen in the next turn of the event loop. */
const pendingReads = async (): Promise<void> => {
  await setImmediate();
  await setImmediate();
};

/** Whoever uses a socket hears of its errors; an idle one may fail unheard. */
const ignore = () => {};
