import { once } from 'node:events';
import { createServer } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it, type TestContext } from 'vitest';
import { ledgerTable } from '../infra/local/aws/dynamodb.ts';
import { startAws } from '../infra/local/aws.ts';
import { callerOfAll } from '../infra/local/local-grants.ts';
import { startSandbox } from '../infra/local/sandbox.ts';
import { awsRequests } from '../lib/aws-requests.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { compose } from '../lib/compose.ts';
import { createConnectorInstance as endpoint } from '../lib/endpoints/create-connector-instance.ts';
import { parseGrants } from '../lib/grants/document.ts';
import { acceptInto } from '../lib/http/respond-async.ts';
import { identified } from '../lib/identity.ts';
import type { ProvisionRequest } from '../lib/provision/request.ts';
import { queueHandler } from '../lib/queue/handler.ts';
import { publishTo } from '../lib/queue/publish.ts';
import { queuesAt } from '../lib/queue/queues.ts';
import { within } from '../lib/within.ts';

const { parameters, body } = endpoint.example;
const request: ProvisionRequest = {
  endpoint,
  parameters,
  body,
  origin: { door: 'http' },
  correlation: { transactionID: 't' },
  ...identified('alice', endpoint, parameters, 'k', 'a-1'),
};

/** What a function is behind its doors, on the real clock, with an AWS of which some calls are never answered. */
const start = async ({ onTestFinished }: TestContext, isUnanswered: (operation: string, nth: number) => boolean) => {
  const counts = new Map<string, number>();
  const aws = await startAws({
    intercept: async (moment, { operation }) => {
      if (moment === 'after') return undefined;
      const nth = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, nth);
      return isUnanswered(operation, nth) ? new Promise(() => {}) : undefined;
    },
  });
  onTestFinished(aws.close);
  const sandbox = await startSandbox({ endpoints: [endpoint] });
  onTestFinished(sandbox.close);
  aws.secretsManager.put('worker', JSON.stringify(sandbox.secret));
  const client = {
    ...awsRequests,
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: aws.credentials,
  };
  const settings = {
    ENDPOINT: endpoint,
    PINGONE_SECRET_ID: 'worker',
    LEDGER_TABLE: ledgerTable,
    PINGONE_TIMEOUT_MS: 200,
    GRACE_ANSWERED_MS: 100,
    GRACE_LOST_MS: 100,
    KEYLESS_REPLAY_MS: 0,
  };
  const composed = compose({
    settings,
    dynamo: new DynamoDBClient(client),
    secrets: new SecretsManagerClient(client),
    clock,
    log: () => {},
  });
  return { ...composed, client };
};

describe.concurrent('an AWS call that is never answered', () => {
  it.for([
    ['the first of the ledger', 'UpdateItem', 1, 503, 'LEDGER_UNAVAILABLE'],
    ['the one before the create', 'UpdateItem', 3, 503, 'LEDGER_UNAVAILABLE'],
    ['the one that records the resource', 'UpdateItem', 4, 504, 'OUTCOME_UNKNOWN'],
    ['the one for the secret', 'GetSecretValue', 1, 503, 'PINGONE_UNREACHABLE'],
  ] as const)('leaves time for an answer with the key: %s', async ([, unanswered, from, status, code], context) => {
    const { provision } = await start(context, (operation, nth) => operation === unanswered && nth >= from);
    const deadline = Date.now() + 700;
    await expect(provision(request, deadline)).rejects.toMatchObject({ status, code, facts: { idempotencyKey: 'k' } });
    expect(Date.now()).toBeLessThan(deadline + 1_900);
  });

  it('leaves time for an answer to who would rather not wait', async (context) => {
    const { ledger, client } = await start(context, (operation) => operation === 'SendMessage');
    const accept = acceptInto(ledger, new SQSClient(client), `${client.endpoint}/1/q`, clock);
    await expect(accept(request, Date.now() + 300)).rejects.toMatchObject({ status: 503, code: 'LEDGER_UNAVAILABLE' });
  });

  it('leaves time to give a message back to the queue', async (context) => {
    const { ledger, provision, client } = await start(context, (operation) => operation === 'ChangeMessageVisibility');
    const source = { account: '000000000000', source: 'com.example.ci' };
    const handler = queueHandler({
      ledger,
      provision,
      endpoint,
      grants: parseGrants({ version: '1', callers: [callerOfAll('ci', [{ event: source }])] }),
      unknownMembers: 'refuse',
      publish: publishTo(new EventBridgeClient(client), 'bus', clock),
      queues: queuesAt(new SQSClient(client), `${client.endpoint}/1/q`, `${client.endpoint}/1/d`, clock),
      clock,
      log: () => {},
    });
    const event = { id: 'e', time: 't', ...source, 'detail-type': endpoint.event };
    const detail = { version: '1', ...parameters, body };
    const received = { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(Date.now()) };
    const record: Partial<SQSRecord> = { messageId: 'm', body: JSON.stringify({ ...event, detail }) };
    const end = Date.now() + 1_300;
    const answer = await handler(
      { Records: [Object({ ...record, attributes: received })] },
      Object({ getRemainingTimeInMillis: () => 1_300 }),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(Date.now()).toBeLessThan(end);
  });

  it('ends by itself, and is tried again', async ({ onTestFinished }) => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    let tries = 0;
    silent.on('connection', () => tries++);
    onTestFinished(() => void silent.close());
    const dynamo = new DynamoDBClient({
      ...awsRequests,
      requestHandler: { ...awsRequests.requestHandler, requestTimeout: 30 },
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${Object(silent.address()).port}`,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    onTestFinished(() => dynamo.destroy());
    const read = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } });
    await expect(dynamo.send(read)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(tries).toBeGreaterThan(1);
  });
});

it('a call that ends in time is neither aborted nor waited for', async () => {
  const signals: AbortSignal[] = [];
  const call = async (signal: AbortSignal) => {
    signals.push(signal);
    return 'done';
  };
  expect(await within(clock, Date.now() + 20, call)).toBe('done');
  expect(await within(clock, Number.POSITIVE_INFINITY, call)).toBe('done');
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});
