import { once } from 'node:events';
import { createServer } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnectorInstance as endpoint } from '../lib/endpoints/create-connector-instance.ts';
import { acceptWith } from '../lib/intake/accept.ts';
import { openLedger } from '../lib/ledger/open-ledger.ts';
import type { Table } from '../lib/ledger/table.ts';
import { pingOneClient } from '../lib/pingone/client.ts';
import { outboxOf } from '../lib/queue/outbox.ts';
import { NotPublished, putOn } from '../lib/queue/publish.ts';
import { queuesAt } from '../lib/queue/queues.ts';
import { awsRequests } from '../lib/runtime/aws-client-options.ts';
import { DeadlineExceeded, within } from '../lib/runtime/within.ts';
import { httpRequest } from './harness/http-request.ts';
import { manualClock } from './harness/manual-clock.ts';

const request = httpRequest(endpoint, { key: 'k', arrivalID: 'a-1' });
const record: SQSRecord = Object({ messageId: 'm', receiptHandle: 'r', body: '{}' });
const settings = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };

/** An AWS client without answers, with the signals that it got. */
const unanswered = <Client extends object>(client: Client) => {
  const signals: AbortSignal[] = [];
  const send = (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
    signals.push(abortSignal);
    return new Promise(() => {});
  };
  return { client: Object.assign(client, { send }), signals };
};

describe('a call that is never answered ends at its deadline and is aborted', () => {
  const { clock, pass } = manualClock();
  const sqs = unanswered(new SQSClient(settings));
  const events = unanswered(new EventBridgeClient(settings));
  const withPublish = outboxOf(putOn(events.client, 'bus', clock), clock);
  const accepting: Table = { read: async () => undefined, change: async (_, { set }) => ({ ...set, createdAt: 0 }) };
  const ledger = () => openLedger(accepting, endpoint.name, 0);
  const queueUrl = 'https://sqs.example/q';
  const accept = acceptWith({ ledger, sqs: sqs.client, queueUrl, clock, log: () => {} });
  const queues = queuesAt(sqs.client, 'https://sqs.example/q', 'https://sqs.example/d', clock);

  it.each([
    ['an acceptance', sqs, (by: number) => accept(request, by), Error],
    [
      'a move to the dead letters',
      sqs,
      (by: number) => queues.deadLetter(record, 'reason', 'CODE', by),
      DeadlineExceeded,
    ],
    ['a postponement', sqs, (by: number) => queues.postpone(record, 1_000, by), DeadlineExceeded],
    [
      'an outcome',
      events,
      (by: number) => withPublish(1)((publish) => publish(endpoint, 'Created', {}, by)),
      NotPublished,
    ],
  ])('%s', async (_, { signals }, call, error) => {
    const ended = call(clock.now() + 5_000).then(
      () => 'done',
      (cause: unknown) => cause,
    );
    let isEnded = false;
    ended.then(() => {
      isEnded = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    pass(4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect([isEnded, signals.at(-1)?.aborted]).toEqual([false, false]);
    pass(1);
    expect(await ended).toBeInstanceOf(error);
    expect(signals.at(-1)?.aborted).toBe(true);
  });
});

it('a token that does not arrive in time is reported as PINGONE_UNREACHABLE: nothing was sent', async () => {
  const { clock, pass } = manualClock();
  const accessToken = { get: () => new Promise<never>(() => {}), drop: () => {}, prefetch: () => {} };
  const pingOne = pingOneClient({ accessToken, send: () => expect.fail(), clock, timeoutMs: 8_000 });
  const token = pingOne.token(clock.now() + 5_000);
  pass(5_000);
  await expect(token).rejects.toMatchObject({ code: 'PINGONE_UNREACHABLE', status: 503 });
});

it('a call that ends in time is not aborted, and leaves no timer', async () => {
  const { clock, pass } = manualClock();
  const signals: AbortSignal[] = [];
  const call = async (signal: AbortSignal) => {
    signals.push(signal);
    return 'done';
  };
  expect(await within(clock, clock.now() + 5_000, call)).toBe('done');
  expect(await within(clock, Number.POSITIVE_INFINITY, call)).toBe('done');
  pass(10_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

it('a call of AWS’s SDK has its own time-out, and is retried', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  let tries = 0;
  silent.on('connection', () => tries++);
  onTestFinished(() => void silent.close());
  const dynamo = new DynamoDBClient({
    ...settings,
    ...awsRequests,
    requestHandler: { ...awsRequests.requestHandler, requestTimeout: 30 },
    endpoint: `http://127.0.0.1:${Object(silent.address()).port}`,
  });
  onTestFinished(() => dynamo.destroy());
  const read = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } });
  await expect(dynamo.send(read)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(tries).toBeGreaterThan(1);
});
