import { once } from 'node:events';
import type { Server } from 'node:net';

/** Listens on any free port of loopback. */
export const listening = async (server: Server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, close: (): void => void server.close() };
};
