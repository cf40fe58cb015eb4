import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { AnswerLost, NotSent, openConnections, targetOf } from '../../lib/pingone/connection.ts';

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

describe('a connection to PingOne', () => {
  it('gives the whole answer, and does not follow a redirect', async () => {
    const port = await http((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('moved'));
    const { status, body } = await openConnections(systemClock)(post(port), 1_000);
    expect([status, body.toString()]).toEqual([302, 'moved']);
  });

  it('says that nothing was sent when the connection is refused', async () => {
    const port = await http(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(openConnections(systemClock)(post(port), 1_000)).rejects.toThrow(NotSent);
  });

  it('says that nothing was sent when the name has no address', async () => {
    const call = { ...post(1), target: targetOf('http://nobody.invalid/') };
    await expect(openConnections(systemClock)(call, 5_000)).rejects.toThrow(NotSent);
  });

  it('says that nothing was sent when TLS fails or does not end in time', async () => {
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
  ])('says that the answer is lost when it %s', async (_, answer) => {
    const port = await http(answer);
    await expect(openConnections(systemClock)(post(port), 150)).rejects.toThrow(AnswerLost);
  });

  it('says that the answer is lost when it is larger than what is read', async () => {
    const port = await http((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024)));
    const answer = openConnections(systemClock)(post(port), 10_000).then(({ body }) => body.length);
    await expect(answer).rejects.toThrow(AnswerLost);
  });

  it('says that the answer is lost when a connection that was used before is reset', async () => {
    let requests = 0;
    const port = await http((request, response) =>
      ++requests === 1 ? response.end('{}') : request.socket.resetAndDestroy(),
    );
    const send = openConnections(systemClock);
    await send(post(port), 1_000);
    await expect(send(post(port), 1_000)).rejects.toThrow(AnswerLost);
  });

  it('says so too of the requests that had to wait for a connection', async () => {
    let requests = 0;
    const port = await http((request, response) =>
      ++requests <= 256 ? response.end('{}') : request.socket.resetAndDestroy(),
    );
    const send = openConnections(systemClock);
    const results = await Promise.allSettled(Array.from({ length: 512 }, () => send(post(port), 5_000)));
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(reasons).toHaveLength(256);
    for (const reason of reasons) expect(reason).toBeInstanceOf(AnswerLost);
  });

  it('keeps a connection for five seconds of wall clock, then opens a new one', async () => {
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
});
