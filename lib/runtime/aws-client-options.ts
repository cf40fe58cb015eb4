import type { Readable } from 'node:stream';

/**
 * Options of the AWS clients; times in milliseconds. They refuse an invalid certificate even if
 * NODE_TLS_REJECT_UNAUTHORIZED is 0.
 */
export const awsRequests = {
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 3000,
    // Without this the SDK only warns and keeps waiting.
    throwOnRequestTimeout: true,
    httpsAgent: { rejectUnauthorized: true },
  },
  // The SDK's own collector makes Node load Blob and web streams: 4 ms of a first request.
  streamCollector: (answer: Readable): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
      answer.on('error', reject);
    }),
};
