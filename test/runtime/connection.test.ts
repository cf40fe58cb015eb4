import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../lib/runtime/clock.ts';
import { AnswerLost, NotSent, openConnections } from '../../lib/runtime/connection.ts';
import { openSockets, targetOf } from '../../lib/runtime/sockets.ts';
import { manualClock } from '../harness/manual-clock.ts';
import { selfSigned } from '../harness/self-signed.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return isPort(address) ? address.port : 0;
};

const isPort = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

const http = (answer: (request: IncomingMessage, response: ServerResponse) => void) => listening(createServer(answer));

const tcp = (act: (socket: Socket) => void) => listening(createTcpServer(act));

const post = (port: number, scheme = 'http') =>
  ({
    method: 'POST',
    target: targetOf(`${scheme}://127.0.0.1:${port}/`),
    headers: { 'content-length': '2' },
    body: '{}',
  }) as const;

/** A server with an answer for each POST, which can write to its connections at any time. */
const creating = async () => {
  let posts = 0;
  const sockets: Socket[] = [];
  const port = await tcp((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on('data', () => {
      posts++;
      const body = JSON.stringify({ n: posts });
      setTimeout(() => socket.write(`HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`), 10);
    });
  });
  return { port, sockets, posts: () => posts };
};

const stale = (status: number) => `HTTP/1.1 ${status} Stale\r\ncontent-length: 0\r\n\r\n`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('an idle connection', () => {
  it.each([408, 400, 409])(
    'that has received a %i meanwhile does not answer the next request with it',
    async (status) => {
      const { port, sockets, posts } = await creating();
      const send = openConnections(systemClock);
      await send(post(port), 2_000);
      sockets[0]?.write(stale(status));
      await turn();
      const { body } = await send(post(port), 2_000);
      expect([JSON.parse(body.toString()), posts(), sockets.length]).toEqual([{ n: 2 }, 2, 2]);
    },
  );

  it('that received data long before is not used again', async () => {
    const { port, sockets } = await creating();
    const send = openConnections(systemClock);
    await send(post(port), 2_000);
    sockets[0]?.write(stale(408));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await send(post(port), 2_000)).status).toBe(201);
    expect(sockets).toHaveLength(2);
  });

  it('that its server has closed while the function was frozen is not used again', async () => {
    const { port, sockets, posts } = await creating();
    const send = openConnections(systemClock);
    await send(post(port), 2_000);
    sockets[0]?.destroy();
    await turn();
    const thawed = Date.now() + 50;
    while (Date.now() < thawed);
    expect((await send(post(port), 2_000)).status).toBe(201);
    expect(posts()).toBe(2);
  });
});

describe('a connection to PingOne', () => {
  it('returns the whole answer, and follows no redirect', async () => {
    const port = await http((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('moved'));
    const { status, body } = await openConnections(systemClock)(post(port), 1_000);
    expect([status, body.toString()]).toEqual([302, 'moved']);
  });

  it('leaves no timer, whatever its end', async () => {
    const { clock, waiting } = manualClock();
    const send = openConnections(clock);
    const port = await http((_, response) => response.end('{}'));
    await send(post(port), 5_000);
    await expect(send(post(1), 5_000)).rejects.toThrow(NotSent);
    expect(waiting()).toBe(0);
  });

  it('throws NotSent if the connection is refused', async () => {
    const port = await http(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(openConnections(systemClock)(post(port), 1_000)).rejects.toThrow(NotSent);
  });

  it('throws NotSent if the name has no address', async () => {
    const call = { ...post(1), target: targetOf('http://nobody.invalid/') };
    await expect(openConnections(systemClock)(call, 5_000)).rejects.toThrow(NotSent);
  });

  it('throws NotSent if TLS fails or does not end in time', async () => {
    const plain = await tcp((socket) => socket.end('no TLS here'));
    await expect(openConnections(systemClock)(post(plain, 'https'), 1_000)).rejects.toThrow(NotSent);
    const silent = await tcp((socket) => setTimeout(() => socket.destroy(), 300));
    await expect(openConnections(systemClock)(post(silent, 'https'), 100)).rejects.toThrow(NotSent);
  });

  it.each([
    ['is reset', (request: IncomingMessage) => request.socket.resetAndDestroy()],
    ['is closed without an answer', (request: IncomingMessage) => request.socket.end()],
    [
      'breaks off in the answer',
      (request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(201, { 'content-length': '100' }).write('{"id":');
        setTimeout(() => request.socket.destroy(), 10);
      },
    ],
    [
      'stays silent past the timeout',
      (_: IncomingMessage, response: ServerResponse) => setTimeout(() => response.end(), 400),
    ],
    [
      'comes drop by drop past the timeout',
      (_: IncomingMessage, response: ServerResponse) => {
        const drops = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drops));
      },
    ],
  ])('throws AnswerLost if the answer %s', async (_, answer) => {
    const port = await http(answer);
    await expect(openConnections(systemClock)(post(port), 150)).rejects.toThrow(AnswerLost);
  });

  it('throws AnswerLost if the answer is larger than the limit', async () => {
    const port = await http((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024)));
    const answer = openConnections(systemClock)(post(port), 10_000).then(({ body }) => body.length);
    await expect(answer).rejects.toThrow(AnswerLost);
  });

  it('throws AnswerLost if a reused connection is reset', async () => {
    let requests = 0;
    const port = await http((request, response) =>
      ++requests === 1 ? response.end('{}') : request.socket.resetAndDestroy(),
    );
    const send = openConnections(systemClock);
    await send(post(port), 1_000);
    await expect(send(post(port), 1_000)).rejects.toThrow(AnswerLost);
  });

  it('opens one connection per concurrent request', async () => {
    const waiting: ServerResponse[] = [];
    const port = await http((_, response) => {
      waiting.push(response);
      if (waiting.length === 300) for (const each of waiting) each.end('{}');
    });
    const send = openConnections(systemClock);
    const answers = await Promise.all(Array.from({ length: 300 }, () => send(post(port), 5_000)));
    expect(answers.map(({ status }) => status)).toEqual(Array(300).fill(200));
  });

  it('reuses a connection for five seconds of wall clock, then opens a new one', async () => {
    const remotePorts: unknown[] = [];
    const port = await http((request, response) => {
      remotePorts.push(request.socket.remotePort);
      response.end('{}');
    });
    let offsetMs = 0;
    const send = openConnections({ ...systemClock, now: () => Date.now() + offsetMs });
    await send(post(port), 1_000);
    await send(post(port), 1_000);
    offsetMs = 5_001;
    await send(post(port), 1_000);
    expect(remotePorts[1]).toBe(remotePorts[0]);
    expect(remotePorts[2]).not.toBe(remotePorts[0]);
  });

  it.each([
    ['as long as the server says', { 'keep-alive': 'timeout=3' }, 2_001],
    ['not at all where the server closes it', { connection: 'close' }, 0],
  ])('reuses a connection %s', async (_, headers, waitMs) => {
    const remotePorts: unknown[] = [];
    const port = await http((request, response) => {
      remotePorts.push(request.socket.remotePort);
      response.writeHead(200, headers).end('{}');
    });
    let offsetMs = 0;
    const send = openConnections({ ...systemClock, now: () => Date.now() + offsetMs });
    await send(post(port), 1_000);
    offsetMs = waitMs;
    await send(post(port), 1_000);
    expect(remotePorts[1]).not.toBe(remotePorts[0]);
  });

  it('reuses no connection that the server has closed or reset', async () => {
    const sockets: Socket[] = [];
    const port = await http((request, response) => {
      sockets.push(request.socket);
      response.end('{}');
    });
    const send = openConnections(systemClock);
    for (const close of [(socket?: Socket) => socket?.end(), (socket?: Socket) => socket?.resetAndDestroy()]) {
      await send(post(port), 1_000);
      close(sockets.at(-1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await send(post(port), 1_000)).status).toBe(200);
    }
    expect(new Set(sockets).size).toBe(3);
  });

  it('uses a connection that was opened in advance, unless the server has closed it', async () => {
    const sockets: Socket[] = [];
    const server = createServer((_, response) => response.end('{}'));
    server.on('connection', (socket) => sockets.push(socket));
    const call = post(await listening(server));
    for (const used of [true, false]) {
      const ours = openSockets(systemClock);
      ours.preconnect(call.target);
      const opened = await vi.waitFor(async () => (await ours.take(call.target)) ?? expect.fail());
      ours.keep(call.target, opened, 5_000);
      if (!used) sockets.at(-1)?.end();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const before = sockets.length;
      expect((await openConnections(systemClock, ours)(call, 1_000)).status).toBe(200);
      expect(sockets.length - before).toBe(used ? 0 : 1);
    }
  });

  it('uses no connection that was opened in advance before TLS is established', async () => {
    const call = post(await tcp((socket) => setTimeout(() => socket.destroy(), 300)), 'https');
    const sockets = openSockets(systemClock);
    sockets.preconnect(call.target);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(openConnections(systemClock, sockets)(call, 100)).rejects.toThrow(NotSent);
  });

  it('closes a connection whose request was not read to its end, and does not reuse it', async () => {
    const sockets: Socket[] = [];
    const port = await http((request, response) => {
      sockets.push(request.socket);
      response.end('{}');
    });
    const send = openConnections(systemClock);
    const body = 'x'.repeat(8 * 1024 * 1024);
    await send({ ...post(port), headers: { 'content-length': String(body.length) }, body }, 1_000);
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
    await send(post(port), 1_000);
    expect(sockets[1]).not.toBe(sockets[0]);
  });

  it("sends the server's name in TLS, but no address", async () => {
    const names: unknown[] = [];
    const port = await tcp((socket) =>
      socket.once('data', (hello) => {
        // 22: a TLS handshake.
        names.push([hello[0], hello.includes('localhost'), hello.includes('127.0.0.1')]);
        socket.destroy();
      }),
    );
    for (const host of ['localhost', '127.0.0.1']) {
      const call = { ...post(1), target: targetOf(`https://${host}:${port}/`) };
      await expect(openConnections(systemClock)(call, 1_000)).rejects.toThrow(NotSent);
    }
    expect(names).toEqual([
      [22, true, false],
      [22, false, false],
    ]);
  });
});

/** Answers each request with its number of connections so far, in a thread of its own. */
const countingServer = `
  const { parentPort, workerData } = require('node:worker_threads');
  let connections = 0;
  const server = require('node:https').createServer(workerData, (_, response) => response.end(String(connections)));
  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('a socket', () => {
  /** Records its connections; sends no keep-alive header. */
  const remembering = async (answer = (response: ServerResponse) => void response.end('{}')) => {
    const connections: Socket[] = [];
    const server = createServer((_, response) => answer(response));
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => connections.push(socket));
    return { port: await listening(server), connections };
  };

  it('is reused as long as it is trusted, to the millisecond, for five seconds at most, and is closed then', async () => {
    const { port, connections } = await remembering();
    const { clock, pass, waiting } = manualClock();
    const send = openConnections(clock);
    for (const [idleMs, count] of [
      [0, 1],
      [5_000, 1],
      [5_001, 2],
    ] as const) {
      pass(idleMs);
      await send(post(port), 1_000);
      expect(connections).toHaveLength(count);
    }
    expect(waiting()).toBe(0);
    await vi.waitFor(() => expect(connections[0]?.destroyed).toBe(true));
    expect(connections[1]?.destroyed).toBe(false);
  });

  it('is reused after each of several concurrent answers', async () => {
    const { port, connections } = await remembering();
    const send = openConnections(manualClock().clock);
    for (const _ of [1, 2]) await Promise.all([send(post(port), 1_000), send(post(port), 1_000)]);
    expect(connections).toHaveLength(2);
  });

  it('is used again after an answer that came before Node.js had reported the request as written', async () => {
    const certificate = selfSigned();
    const server = new Worker(countingServer, { eval: true, workerData: certificate });
    const [port] = await once(server, 'message');
    const sockets = openSockets(systemClock);
    const open = () => tls.connect({ port, host: '127.0.0.1', ca: certificate.cert });
    const send = openConnections(systemClock, { ...sockets, open });
    // Node.js reports a write over TLS at the end of a turn of its event loop, so a long turn reads the answer before.
    const busy = setInterval(() => {
      const end = Date.now() + 30;
      while (Date.now() < end);
    }, 1);
    const connections: string[] = [];
    while (connections.length < 3) connections.push(String((await send(post(port, 'https'), 5_000)).body));
    clearInterval(busy);
    await server.terminate();
    expect(connections).toEqual(['1', '1', '1']);
  });

  it('gets no further listeners with each use', async () => {
    const { port } = await remembering();
    const sockets = openSockets(manualClock().clock);
    const send = openConnections(manualClock().clock, sockets);
    for (let uses = 0; uses < 3; uses++) await send(post(port), 1_000);
    const socket = await sockets.take(post(port).target);
    expect(socket?.listenerCount('connect')).toBe(0);
    socket?.destroy();
  });

  it('that is idle keeps no process alive', async () => {
    const { port } = await remembering();
    const sockets = openSockets(manualClock().clock);
    const socket = sockets.open(post(port).target);
    await once(socket, 'connect');
    sockets.keep(post(port).target, socket, 1_000);
    expect(Object(socket)._handle.hasRef()).toBe(false);
    socket.destroy();
  });

  it('is closed, and not reused, if the server announces its close and does not close', async () => {
    const { port, connections } = await remembering((response) => {
      const { socket } = response;
      // Node's own server would close it.
      socket?.write('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
    });
    const send = openConnections(manualClock().clock);
    await send(post(port), 1_000);
    const [first] = connections;
    await vi.waitFor(() => expect(first?.readableEnded).toBe(true));
    await send(post(port), 1_000);
    expect(connections).toHaveLength(2);
  });

  it('is closed if no answer comes in time', async () => {
    const { port, connections } = await remembering(() => {});
    const { clock, pass, waiting } = manualClock();
    const sent = openConnections(clock)(post(port), 1_000);
    await vi.waitFor(() => expect(connections).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    pass(1_000);
    await expect(sent).rejects.toThrow('no answer within 1000 ms');
    expect(waiting()).toBe(0);
    await vi.waitFor(() => expect(connections[0]?.destroyed).toBe(true));
  });

  it('that breaks off during an answer fails at once', async () => {
    const port = await tcp((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'));
    });
    await expect(openConnections(manualClock().clock)(post(port), 1_000)).rejects.toThrow('the answer broke off');
  });

  it('returns an answer of exactly the maximum size', async () => {
    const most = Buffer.alloc(16 * 1024 * 1024, ' ');
    const { port } = await remembering((response) => void response.end(most));
    expect((await openConnections(manualClock().clock)(post(port), 1_000)).body).toHaveLength(most.length);
  });
});

describe('the target of a URL', () => {
  it.each([
    [
      'https://api.pingone.eu/v1?a=b',
      {
        origin: 'https://api.pingone.eu',
        secure: true,
        hostname: 'api.pingone.eu',
        port: 443,
        host: 'api.pingone.eu',
        path: '/v1?a=b',
      },
    ],
    [
      'http://localhost/',
      { origin: 'http://localhost', secure: false, hostname: 'localhost', port: 80, host: 'localhost', path: '/' },
    ],
    [
      'http://[::1]:8080',
      { origin: 'http://[::1]:8080', secure: false, hostname: '::1', port: 8080, host: '[::1]:8080', path: '/' },
    ],
  ])('%s is split into server and path', (url, target) => {
    expect(targetOf(url)).toEqual(target);
  });
});
