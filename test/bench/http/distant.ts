import { connect, createServer } from 'node:net';
import { pipeline, Transform } from 'node:stream';
import { listening } from './loopback-server.ts';

/**
 * Puts a network whose round trip takes so many milliseconds before the server at a port of loopback; returns the port at
 * its other end. All that the server sends arrives that much later: with TLS so do the parts of its handshake. TCP's own
 * handshake takes a round trip, too.
 */
export const distant = (port: number, roundTripMs: number) =>
  listening(
    createServer({ noDelay: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      pipeline(far, delay(roundTripMs), near, () => {});
      setTimeout(() => pipeline(near, far, () => {}), roundTripMs);
    }),
  );

/** Timers with the same time end in the order in which they began, so the order of the bytes stays. */
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
