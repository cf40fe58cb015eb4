import type { Readable } from 'node:stream';

/**
 * How the AWS clients send, and read what they are answered; times in milliseconds. A wrong certificate is refused
 * whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 */
export const awsRequests = {
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 3000,
    // Without this the SDK only warns, and waits on.
    throwOnRequestTimeout: true,
    httpsAgent: { rejectUnauthorized: true },
  },
  // The SDK's own looks whether the answer is a Blob or a web stream, for which Node loads both: 4 ms of a first request.
  streamCollector: (answer: Readable): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
      answer.on('error', reject);
    }),
};
