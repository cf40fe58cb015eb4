import { once } from 'node:events';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer, type TlsOptions } from 'node:tls';

/** Puts TLS before a server on loopback, and says at which address it has it. */
export const secure = async (url: string, certificate: Pick<TlsOptions, 'key' | 'cert'>) => {
  const port = Number(new URL(url).port);
  const server = createServer({ ...certificate, noDelay: true }, (socket) => {
    const plain = connect({ port, host: '127.0.0.1', noDelay: true });
    pipeline(socket, plain, socket, () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `https://127.0.0.1:${address.port}`, close: () => server.close() };
};
