import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import dynalite from 'dynalite';
import type { Arrival } from '../loopback.ts';
import type { Reply } from '../reply.ts';
import type { AwsService } from './service.ts';

/** The name of the table that remembers what became of each request. */
export const ledgerTable = 'pingone-provisioner-ledger';

/** DynamoDB, as dynalite has it, in memory and on a port of its own; it starts with the ledger's table, empty. */
export const createDynamoDB = (): AwsService => {
  const server = dynalite({ createTableMs: 0 });
  // An idle connection never ends by itself: a call on it could not be told from one that was lost.
  server.keepAliveTimeout = 0;
  const agent = new Agent({ keepAlive: true });
  let port = 0;

  const call = ({ headers, body }: Pick<Arrival, 'headers' | 'body'>): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const forwarded = request({ host: '127.0.0.1', port, agent, method: 'POST', headers: endToEnd(headers) });
      forwarded.on('error', reject);
      forwarded.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 500,
            headers: endToEnd(response.headers),
            body: Buffer.concat(chunks),
          });
        });
      });
      forwarded.end(body);
    });

  return {
    target,

    start: async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
      port = address.port;
      const { status, body } = await call(createTable);
      if (status !== 200) throw new Error(`the table ${ledgerTable} could not be created: ${body}`);
    },

    answer: (_, arrival) => call(arrival),

    close: async () => {
      agent.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};

const target = 'DynamoDB_20120810';

const createTable = {
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${target}.CreateTable`,
    'x-amz-date': '20300101T000000Z',
    authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
  },
  body: Buffer.from(
    JSON.stringify({
      TableName: ledgerTable,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  ),
};

/** What is about one connection and not about the message (RFC 9110 7.6.1), and lengths, which are the same again. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

const endToEnd = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ofConnection.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
