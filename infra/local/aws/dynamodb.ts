import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import dynalite from 'dynalite';
import { hopByHopHeaders } from '../loopback/hop-by-hop.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';
import type { AwsService } from './service.ts';

/** The name of the ledger's table. */
export const ledgerTable = 'pingone-provisioner-ledger';

/** DynamoDB by dynalite, in memory and without a port, with the ledger's table. */
export const createDynamoDB = (): AwsService => {
  const server = dynalite({ createTableMs: 0 });

  /** Calls dynalite's HTTP handler, which needs no more than these members of a request and a response. */
  const call = ({ headers, body }: Pick<Arrival, 'headers' | 'body'>): Promise<Reply> =>
    new Promise((resolve) => {
      const answered: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          answered[name.toLowerCase()] = String(value);
        },
        end(text: string) {
          resolve({ status: this.statusCode, headers: endToEnd(answered), body: Buffer.from(text) });
        },
      };
      server.emit('request', Object.assign(Readable.from([body]), { method: 'POST', url: '/', headers }), response);
    });

  return {
    target,

    start: async () => {
      const { status, body } = await call(requestOf('CreateTable', table));
      if (status !== 200) throw new Error(`the table ${ledgerTable} could not be created: ${body}`);
      const describe = requestOf('DescribeTable', { TableName: ledgerTable });
      while (!String((await call(describe)).body).includes('"ACTIVE"')) await setImmediate();
    },

    answer: (_, arrival) => call(arrival),
  };
};

const target = 'DynamoDB_20120810';

const table = {
  TableName: ledgerTable,
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

const requestOf = (operation: string, input: object) => ({
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${target}.${operation}`,
    'x-amz-date': '20300101T000000Z',
    authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
  },
  body: Buffer.from(JSON.stringify(input)),
});

const endToEnd = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !hopByHopHeaders.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
