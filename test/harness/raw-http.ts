import { connect } from 'node:net';

/** Sends exactly these lines to a port of this machine, and reads until the server ends the connection. */
export const raw = (port: number, lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    connect(port, '127.0.0.1')
      .on('data', (data) => {
        answer += data;
      })
      .on('close', () => resolve(answer))
      .on('error', reject)
      .write(lines.join('\r\n'));
  });
