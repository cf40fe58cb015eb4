import { connect, createServer } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { listening } from './loopback-server.ts';

/**
 * Adds the round trip of a network, in milliseconds, to a server on loopback; returns the port of its far end. It delays
 * TCP's handshake, the parts of TLS's handshake, and each answer of the server.
 */
export const distant = (port: number, roundTripMs: number) =>
  listening(
    createServer({ noDelay: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      pipeline(far, delay(roundTripMs), near, () => {});
      setTimeout(() => pipeline(near, far, () => {}), roundTripMs);
    }),
  );

/** Timers of the same duration end in the order of their start, so the bytes stay in order. */
const delay = (milliseconds: number): Transform =>
  new Transform({
    transform(chunk, _, done) {
      setTimeout(() => this.push(chunk), milliseconds);
      done();
    },
    flush(done) {
      setTimeout(done, milliseconds);
    },
  });
