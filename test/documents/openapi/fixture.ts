import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { type Gateway, startGateway } from '../../../infra/local/gateway/gateway.ts';
import type { Outgoing } from '../../../infra/local/loopback/outgoing.ts';
import { json } from '../../../infra/local/loopback/reply.ts';
import type { Intercept } from '../../../infra/local/sandbox/creation.ts';

type Alter = (outgoing: Outgoing, path: string) => Outgoing;

/** A running gateway with controllable dependencies. */
export interface Fixture {
  readonly gateway: Gateway;
  /** Makes PingOne answer creates in this way during `send`. */
  readonly whilePingOne: <Sent>(answers: Intercept, send: () => Promise<Sent>) => Promise<Sent>;
  /** Replaces PingOne's answers to reads during `send`. */
  readonly whileReads: <Sent>(alter: Alter, send: () => Promise<Sent>) => Promise<Sent>;
  /** Writes members of an item of the ledger. */
  readonly write: (pk: string, members: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Makes an AWS service refuse every call during `send`. */
  readonly without: <Sent>(service: 'dynamoDB' | 'sqs', send: () => Promise<Sent>) => Promise<Sent>;
  readonly close: () => Promise<void>;
}

export const startFixture = async (): Promise<Fixture> => {
  let intercept: Intercept = async () => undefined;
  let alter: Alter = (outgoing) => outgoing;
  const gateway = await startGateway({
    ...{ port: 0, awsPort: 0, onLog: () => {} },
    // A create that needs so much time ends its retries in a second.
    environment: { PINGONE_TIMEOUT_MS: '25000' },
    sandbox: {
      intercept: (...of) => intercept(...of),
      alter: ({ method, path }, outgoing) =>
        method === 'GET' && path.startsWith('/v1/') ? alter(outgoing, path) : outgoing,
    },
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamo = new DynamoDBClient({ endpoint: gateway.awsEndpoint, region: 'us-east-1', credentials });
  return {
    gateway,
    whilePingOne: async (answers, send) => {
      intercept = answers;
      try {
        return await send();
      } finally {
        intercept = async () => undefined;
      }
    },
    whileReads: async (alters, send) => {
      alter = alters;
      try {
        return await send();
      } finally {
        alter = (outgoing) => outgoing;
      }
    },
    write: async (pk, members) => {
      const entries = Object.entries(members);
      await dynamo.send(
        new UpdateItemCommand({
          TableName: ledgerTable,
          Key: { pk: { S: pk } },
          UpdateExpression: `SET ${entries.map((_, index) => `#${index} = :${index}`).join()}`,
          ExpressionAttributeNames: Object.fromEntries(entries.map(([name], index) => [`#${index}`, name])),
          ExpressionAttributeValues: marshall(
            Object.fromEntries(entries.map(([, value], index) => [`:${index}`, value])),
          ),
        }),
      );
    },
    without: async (name, send) => {
      const service = gateway.aws[name];
      const { answer } = service;
      Object.assign(service, { answer: async () => json(400, { __type: 'ResourceNotFoundException' }) });
      try {
        return await send();
      } finally {
        Object.assign(service, { answer });
      }
    },
    close: gateway.close,
  };
};
