import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer, type TlsOptions } from 'node:tls';
import { listening } from './loopback-server.ts';

/** Adds TLS to a server on loopback; returns the port with TLS. */
export const secure = (port: number, certificate: Pick<TlsOptions, 'key' | 'cert'>) =>
  listening(
    createServer({ ...certificate, noDelay: true }, (socket) => {
      const plain = connect({ port, host: '127.0.0.1', noDelay: true });
      pipeline(socket, plain, socket, () => {});
    }),
  );
