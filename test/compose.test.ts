import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { startAws } from '../infra/local/aws/aws.ts';
import { sdkDynamoDB } from '../infra/operator/sdk-dynamodb.ts';
import { compose } from '../lib/compose.ts';
import { endpoints } from '../lib/endpoints/index.ts';
import { systemClock as clock } from '../lib/runtime/clock.ts';

const [ENDPOINT = expect.fail()] = endpoints;
const timings = { PINGONE_TIMEOUT_MS: 5_000, GRACE_ANSWERED_MS: 1, GRACE_LOST_MS: 1, KEYLESS_REPLAY_MS: 1 };

const listening = async (server: Server): Promise<string> => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${Object(server.address()).port}`;
};

/** Starts a function's core for a PingOne at this address. */
const start = async (apiBase: string, authBase: string): Promise<void> => {
  const aws = await startAws();
  onTestFinished(aws.close);
  const application = { clientId: 'c', clientSecret: 's', environmentID: crypto.randomUUID() };
  aws.secretsManager.put('worker', JSON.stringify({ ...application, apiBase, authBase }));
  const client = {
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: aws.credentials,
  };
  const settings = { ...timings, ENDPOINT, PINGONE_SECRET_ID: 'worker', LEDGER_TABLE: 'ledger', DEPLOY_DELAY_MS: 0 };
  const secrets = new SecretsManagerClient(client);
  const clients = { dynamo: sdkDynamoDB(new DynamoDBClient(client)), secrets, sqs: new SQSClient(client) };
  compose({ settings, ...clients, clock, log: () => {} });
};

it('compose connects to PingOne for the first create while the token is fetched from another host', async () => {
  const api = createServer();
  const auth = createServer();
  const asked = once(auth, 'request');
  const connected = once(api, 'connection');
  await start(await listening(api), await listening(auth));
  // The token is never granted.
  await Promise.all([asked, connected]);
});

it('compose opens one connection if PingOne and the token endpoint are one host', async () => {
  let connections = 0;
  const both = createServer().on('connection', () => connections++);
  const asked = once(both, 'request');
  const url = await listening(both);
  await start(url, url);
  await asked;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(connections).toBe(1);
});
