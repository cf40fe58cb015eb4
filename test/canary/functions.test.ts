import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { bundleOf } from '../../infra/bundle/bundle.ts';
import { eventBusName } from '../../infra/local/gateway/endpoint-queues.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { localSource } from '../../infra/local/gateway/local-grants.ts';
import { createFunction } from '../../infra/local/lambda/function.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { httpEnvironment, queueEnvironment, statusEnvironment } from '../../lib/config.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call } from '../harness/front-door.ts';
import { createCanaries } from './canaries.ts';
import { captureOutput } from './captured-output.ts';
import {
  invalidBodies,
  invalidDetails,
  invalidRequests,
  markedHeaders,
  unreadableMessages,
} from './invalid-requests.ts';
import { markedBody } from './marked-body.ts';
import { markPingOne, pingOneAnswer } from './marked-pingone.ts';

const canaries = createCanaries();
const output = captureOutput();
const faults: (Fault | undefined)[] = [];
const leaked: string[] = [];
let told = 0;
let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway({
    port: 0,
    awsPort: 0,
    sandbox: { alter: markPingOne(canaries), faults: { create: () => faults.shift() } },
    onLog: (line) => output.write('log', line),
    onOutcome: () => void told++,
  });
  canaries.add('a caller’s token', gateway.accessToken);
});

afterAll(() => gateway.close());

/** Calls with marked headers, and checks the answer. */
const ask = async (endpoint: Endpoint, request: Parameters<typeof call>[2] = {}) => {
  const source = 'a caller:';
  const headers = { ...markedHeaders(canaries.mark(source)), authorization: `Bearer ${gateway.accessToken}` };
  const answer = await call(gateway, endpoint, { ...request, headers: { ...headers, ...request.headers } });
  const held = canaries.in(`${answer.text} ${JSON.stringify([...answer.headers])}`);
  leaked.push(...held.filter((each) => !each.startsWith(source) && each !== pingOneAnswer));
  return answer;
};

const until = async (isDone: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !isDone(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(isDone()).toBe(true);
};

it('nothing leaks from the deployed functions, through the front door and the bus', async () => {
  const events = new EventBridgeClient({ endpoint: gateway.awsEndpoint, ...aws });
  const put = (endpoint: Endpoint, detail: unknown) => {
    const entry = { Source: localSource, DetailType: endpoint.event, Detail: JSON.stringify(detail) };
    return events.send(new PutEventsCommand({ Entries: [{ EventBusName: eventBusName, ...entry }] }));
  };
  for (const endpoint of endpoints) {
    const mark = canaries.mark('a caller:');
    const body = () => markedBody(endpoint, canaries, 'a caller:');
    expect(await ask(endpoint, { body: body() })).toMatchObject({ status: 201 });
    faults.push({ kind: 'createThenGarbage' });
    expect(await ask(endpoint, { body: body() })).toMatchObject({ status: 201 });
    for (const code of ['REFUSED', 'REFUSED']) {
      faults.push({ kind: 'refuse', status: 400, code });
      const { status, text } = await ask(endpoint, { body: body() });
      expect([status, canaries.in(text)]).toEqual([400, [pingOneAnswer]]);
    }
    expect(await ask(endpoint, { headers: { authorization: `Bearer ${mark}` } })).toMatchObject({ status: 401 });
    for (const refused of invalidBodies(endpoint, mark).slice(0, 13))
      expect(await ask(endpoint, { body: refused })).toMatchObject({ status: 400 });
    for (const { headers, parameters } of invalidRequests(endpoint, mark)) {
      if (parameters && !Object.keys(parameters).includes(mark)) await ask(endpoint, { parameters });
      if (headers && !headers.authorization) expect((await ask(endpoint, { headers })).status).toBeGreaterThan(399);
    }
    const headers = { authorization: `Bearer ${gateway.accessToken}` };
    expect(await fetch(`${gateway.apiPath}/requests/${mark}`, { headers })).toMatchObject({ status: 404 });

    const before = told;
    expect(await ask(endpoint, { body: body(), headers: { prefer: 'respond-async' } })).toMatchObject({ status: 202 });
    const event = canaries.mark('an event');
    await put(endpoint, { version: '1', ...endpoint.example.parameters, body: body() });
    for (const detail of invalidDetails(endpoint, event)) await put(endpoint, detail);
    for (const text of unreadableMessages(endpoint, event, {}))
      gateway.queues.get(endpoint.name)?.queue.send({ body: text });
    await until(() => told - before === 2 + invalidDetails(endpoint, event).length);
    await until(() => gateway.queues.get(endpoint.name)?.queue.messages().length === 0);
  }
  const dynamo = new DynamoDBClient({ endpoint: gateway.awsEndpoint, ...aws });
  output.writeCalls(gateway.aws.requests);
  await output.writeLedger(dynamo);
  dynamo.destroy();
  events.destroy();
  expect([...leaked, ...output.leaksOf(canaries)]).toEqual([]);
});

/** A function's environment variables other than its settings. */
const credentials = (mark: string) => ({
  AWS_ACCESS_KEY_ID: mark,
  AWS_SECRET_ACCESS_KEY: mark,
  AWS_SESSION_TOKEN: mark,
});

it('nothing leaks from the credentials of a function that cannot start', async () => {
  const printed = captureOutput();
  const mark = canaries.mark('AWS’s credentials');
  const broken = createFunction({
    name: 'broken',
    bundle: bundleOf('request-status'),
    environment: { ...credentials(mark), LEDGER_TABLE: 'x', DOCS_URL: 'http://x', GRANTS_FILE: '/nonsense.json' },
    limits: { timeoutSeconds: 5, memoryMB: 512 },
    onLog: (line) => printed.write('log', line),
  });
  const error: unknown = await broken.invoke({ body: mark }).catch((thrown: unknown) => thrown);
  await broken.close();
  printed.write('runtime', error);
  expect(String(error)).toContain('/nonsense.json');
  expect(printed.leaksOf(canaries)).toEqual([]);
});

it.each([
  ['http', httpEnvironment],
  ['queue', queueEnvironment],
  ['request-status', statusEnvironment],
])('nothing leaks from the environment of a function (%s) with invalid settings', (_, schema) => {
  const printed = captureOutput();
  const wrong = { ...credentials(canaries.mark('AWS’s credentials')), ENDPOINT: 'nonsense', DOCS_URL: 'nonsense' };
  const { error } = z.safeParse(schema, wrong);
  printed.write('runtime', error);
  expect(String(error?.message)).toContain('LEDGER_TABLE');
  expect(printed.leaksOf(canaries)).toEqual([]);
});

const aws = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
