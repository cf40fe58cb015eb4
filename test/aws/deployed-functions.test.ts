import { mkdtempSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { otherMethods } from '../../infra/documents/routes.ts';
import { createApiGateway } from '../../infra/local/api-gateway/api-gateway.ts';
import type { Authorization } from '../../infra/local/api-gateway/authorizer.ts';
import { region } from '../../infra/local/aws/account.ts';
import { type Aws, startAws } from '../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import type { BusEvent } from '../../infra/local/aws/event-bridge/event.ts';
import type { AddressedQueue } from '../../infra/local/aws/sqs/sqs.ts';
import { secretName } from '../../infra/local/lambda/environment.ts';
import { startEventSource } from '../../infra/local/lambda/event-source/event-source.ts';
import { createFunction, type LocalFunction } from '../../infra/local/lambda/function.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import { type Sandbox, startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { eventSources } from '../../lib/contract.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { environmentPath, fillPath } from '../../lib/endpoints/path.ts';
import { payloadOf, standardHeaders } from '../harness/signed-webhook.ts';
import { settingsOf, stageOf } from './examples.ts';
import { flat, type Resource, synthesise } from './synthesise.ts';

/** IAM callers, and holders of tokens below a base path: `platform` has principals of both kinds. */
const [tokens] = settingsOf('prod').auth;
if (tokens?.type !== 'jwt') throw new Error('the example prod has no tokens');
const client = { issuer: tokens.issuer, client: 'the-client' };
const grantsFile = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
const { grants } = stageOf('dev');
writeFileSync(
  grantsFile,
  JSON.stringify({
    ...grants,
    callers: grants.callers.map((each) =>
      each.name === 'platform' ? { ...each, principals: [...each.principals, { jwt: client }] } : each,
    ),
  }),
);
const synthesised = synthesise('dev', {
  ...settingsOf('dev'),
  auth: [...settingsOf('dev').auth, { ...tokens, basePath: 'tokens' }],
  grants: grantsFile,
});
const { service, state, directory } = synthesised;
const text = (value: unknown) => flat(value, synthesised);

const opened = new AsyncDisposableStack();
const closing = <Part extends { close(): Promise<void> }>(part: Part): Part =>
  opened.adopt(part, ({ close }) => close());
const busName = 'the-bus';
const account = '123456789012';
const caller = `arn:aws:sts::${account}:assumed-role/pingone-provisioner-dev-eu-west-1-platform/session`;
/** What API Gateway's authorizers say of a caller with both principals, by the type of a route's authorizer. */
const authorizers: Readonly<Record<string, Authorization>> = {
  AWS_IAM: { iam: { userArn: caller } },
  JWT: { jwt: { claims: { iss: client.issuer, client_id: client.client }, scopes: null } },
};
const webhookKey = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const outcomes: BusEvent[] = [];
let aws: Aws;
let sandbox: Sandbox;
let url: string;
const lines: string[] = [];
/** Invokes a function of the template by its id. */
let invoke: (id: string, event: unknown) => Promise<unknown>;

/** The code of a function of the template: the asset that its S3 key names. */
const assetOf = ({ properties }: Resource): string =>
  join(directory, `asset.${properties.Code.S3Key.replace('.zip', '')}`);

/** The file and the export that a handler names; Lambda tries `.cjs` too. */
const bundleOf = (resource: Resource): string => {
  const [file, name] = resource.properties.Handler.split('.');
  expect(name).toBe('handler');
  return join(assetOf(resource), `${file}.cjs`);
};

/** The stand-in of each resource of the template, by the text of references to it. */
const standIns = (queues: ReadonlyMap<string, AddressedQueue>): ReadonlyMap<string, string> =>
  new Map([
    ...state.ofType('AWS::DynamoDB::GlobalTable').map(({ id }) => [`<${id}>`, ledgerTable] as const),
    ...state.ofType('AWS::SecretsManager::Secret').map(({ id }) => [`<${id}>`, secretName] as const),
    ...service.ofType('AWS::Events::EventBus').map(({ id }) => [`<${id}>`, busName] as const),
    ...[...queues].map(([id, queue]) => [`<${id}>`, queue.url] as const),
  ]);

const makeQueues = (): ReadonlyMap<string, AddressedQueue> => {
  const queues = new Map<string, AddressedQueue>();
  const resources = service.ofType('AWS::SQS::Queue');
  // Queues without dead letters first: they are the others' dead-letter queues.
  for (const { id, properties } of resources.toSorted((one) => (one.properties.RedrivePolicy ? 1 : -1))) {
    const { VisibilityTimeout: visibilityTimeoutSeconds = 30, RedrivePolicy: redrive } = properties;
    const target = redrive && queues.get(text(redrive.deadLetterTargetArn).replace(/^<|\.Arn>$/g, ''));
    const deadLetter = target && { queue: target, maxReceiveCount: redrive.maxReceiveCount };
    queues.set(id, aws.sqs.createQueue({ name: id, visibilityTimeoutSeconds, deadLetter }));
  }
  return queues;
};

beforeAll(async () => {
  const front = closing(await listen(0));
  aws = closing(await startAws());
  sandbox = closing(await startSandbox({ endpoints }));
  url = front.url;
  aws.secretsManager.put(secretName, JSON.stringify(sandbox.secret));
  aws.secretsManager.put('webhooks/service-now', JSON.stringify({ secrets: [webhookKey] }));
  aws.events.addRule({
    bus: busName,
    pattern: { source: [eventSources.outcome] },
    target: (event) => outcomes.push(event),
  });

  const queues = makeQueues();
  const references = standIns(queues);
  const resolved = (value: unknown): string => {
    return text(value).replace(/<[^>]+>/g, (reference) => {
      const found = references.get(reference);
      if (found === undefined) throw new Error(`nothing stands in for ${reference}`);
      return found;
    });
  };
  const queueNamed = (value: unknown) => queues.get(text(value).replace(/^<|\.Arn>$/g, ''));

  const functions = new Map<string, LocalFunction>();
  for (const resource of service.ofType('AWS::Lambda::Function')) {
    const { GRANTS_FILE = '', ...variables } = resource.properties.Environment.Variables;
    const environment = {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      // Lambda starts a function in the folder of its asset; a worker can't change its folder.
      GRANTS_FILE: join(assetOf(resource), GRANTS_FILE),
      ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolved(value)])),
    };
    const onLog = (line: string) => void lines.push(line);
    const limits = { timeoutSeconds: resource.properties.Timeout, memoryMB: resource.properties.MemorySize };
    const bundle = bundleOf(resource);
    const made = closing(createFunction({ name: resource.id, bundle, environment, limits, onLog }));
    functions.set(resource.id, made);
  }
  const invoker = (id: string) => async (event: unknown) => functions.get(id)?.invoke(event);

  invoke = (id, event) => invoker(id)(event);

  for (const { properties } of service.ofType('AWS::Lambda::EventSourceMapping')) {
    const queue = queueNamed(properties.EventSourceArn);
    if (!queue) throw new Error('a mapping reads no queue of the template');
    closing(startEventSource({ queue, invoke: invoker(properties.FunctionName.Ref) }));
  }
  for (const { properties } of service.ofType('AWS::Events::Rule').filter((rule) => rule.properties.EventPattern)) {
    const target = queueNamed(properties.Targets[0].Arn);
    if (!target) throw new Error('a rule fills no queue of the template');
    // The account of the deployment differs from the local AWS's.
    const deliver = (event: BusEvent) => void target.send({ body: JSON.stringify({ ...event, account }) });
    aws.events.addRule({ bus: resolved(properties.EventBusName), pattern: properties.EventPattern, target: deliver });
  }
  front.answer(
    createApiGateway({
      routes: service.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
        const [method = '', path = ''] = properties.RouteKey.split(' ');
        const integrationID = text(properties.Target).replace(/^integrations\/<|>$/g, '');
        const integration = service.named('AWS::ApiGatewayV2::Integration', new RegExp(`^${integrationID}$`));
        const id = text(integration.properties.IntegrationUri).replace(/^<|\.Arn>$/g, '');
        const route = { method, path, invoke: invoker(id) };
        // Only for webhooks, which are signed.
        if (properties.AuthorizationType === 'NONE') return { ...route, scopes: undefined };
        const authorizer = authorizers[properties.AuthorizationType];
        if (authorizer === undefined) throw new Error(`${properties.RouteKey} has no authorizer`);
        return { ...route, scopes: [], authorize: async () => ({ authorizer }) };
      }),
    }),
  );
}, 30_000);

afterAll(() => opened.disposeAsync());

const create = (
  endpoint: (typeof endpoints)[number],
  headers: Record<string, string> = {},
  changes: object = {},
  basePath = '',
) =>
  fetch(`${url}${basePath}/v1${fillPath(endpoint.path, endpoint.example.parameters)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...endpoint.example.body, ...changes }),
  });

describe.each(endpoints)('the deployment of $name', (endpoint) => {
  it('creates the resource through its route', async () => {
    const response = await create(endpoint);
    expect(response.status).toBe(201);
    expect(sandbox.resources(fillPath(endpoint.path, endpoint.example.parameters))).toContainEqual(
      expect.objectContaining({ id: Object(await response.json()).id }),
    );
  });

  it('accepts a request, creates the resource through its queue, and shows its status', async () => {
    const response = await create(endpoint, { prefer: 'respond-async' }, { name: 'Later' });
    expect(response.status).toBe(202);
    const location = `${response.headers.get('location')}`;
    await vi.waitFor(
      async () => {
        const answer = await fetch(new URL(location, url));
        expect(Object(await answer.json())).toMatchObject({ endpoint: endpoint.name, state: 'created' });
      },
      { timeout: 10_000, interval: 50 },
    );
  });

  it('creates once for a caller that sends its key signed and with a token, each below its base path', async () => {
    const request = [{ 'idempotency-key': 'both' }, { name: 'Both' }] as const;
    const signed = await create(endpoint, ...request);
    const withToken = await create(endpoint, ...request, '/tokens');
    expect([signed, withToken].map(({ headers }) => headers.get('provisioner-outcome'))).toEqual([
      'created',
      'replayed',
    ]);
    expect(Object(await withToken.json()).id).toBe(Object(await signed.json()).id);
    const accepted = await create(endpoint, { prefer: 'respond-async' }, { name: 'Later, too' }, '/tokens');
    const { id } = Object(await accepted.json());
    expect(accepted.headers.get('location')).toBe(`/tokens/v1/requests/${id}`);
    for (const base of ['', '/tokens']) expect((await fetch(`${url}${base}/v1/requests/${id}`)).status).toBe(200);
    const refused = await fetch(`${url}/tokens/v1/anything`, { method: 'DELETE' });
    expect([refused.status, Object(await refused.json()).code]).toEqual([403, 'ACCESS_FAILED']);
  });

  it('accepts a signed webhook for a caller with a key that it shares with its token and its role', async () => {
    const body = { ...endpoint.example.body, name: 'By webhook' };
    const payload = payloadOf(endpoint, { idempotencyKey: 'three', body });
    const post = async (source: string, sent = payload) => {
      const headers = { 'content-type': 'application/json', ...standardHeaders(payload, { key: webhookKey }) };
      return fetch(`${url}/v1/webhooks/${source}`, { method: 'POST', headers, body: sent });
    };
    const accepted = await post('service-now');
    expect(accepted.status).toBe(202);
    const location = `${accepted.headers.get('location')}`;
    const statusOf = async () => Object(await (await fetch(new URL(location, url))).json());
    await vi.waitFor(async () => expect(await statusOf()).toMatchObject({ state: 'created' }), {
      timeout: 10_000,
      interval: 50,
    });
    for (const base of ['', '/tokens']) {
      const replayed = await create(endpoint, { 'idempotency-key': 'three' }, { name: 'By webhook' }, base);
      expect(replayed.headers.get('provisioner-outcome')).toBe('replayed');
    }
    for (const refused of [await post('service-now', payload.replace('By', 'by')), await post('other')])
      expect([refused.status, await refused.text()]).toEqual([401, '']);
  });

  it('creates the resource of an event, and publishes the outcome on the bus', async () => {
    const events = new EventBridgeClient({
      region,
      endpoint: aws.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const idempotencyKey = `the event for ${endpoint.name}`;
    const body = { ...endpoint.example.body, name: 'Asked for by event' };
    const Detail = JSON.stringify({ version: '1', ...endpoint.example.parameters, idempotencyKey, body });
    const entry = { EventBusName: busName, Source: 'com.example.platform', DetailType: endpoint.event, Detail };
    await events.send(new PutEventsCommand({ Entries: [entry] }));
    await vi.waitFor(
      () =>
        expect(outcomes).toContainEqual(
          expect.objectContaining({ detail: expect.objectContaining({ idempotencyKey, how: 'created' }) }),
        ),
      { timeout: 10_000, interval: 50 },
    );
  });
});

describe.each(['', '/tokens'])('below %s/v1/ the deployment', (base) => {
  const ask = async (method: string, path: string) => (await fetch(`${url}${base}/v1${path}`, { method })).status;
  const collections = endpoints.map(({ path, example }) => fillPath(path, example.parameters));

  it.each(otherMethods)('answers 403, never 404, to each %s that it does not offer', async (method) => {
    for (const path of ['/x', '/environments', '/requests', '/a//b', ...collections.map((each) => `${each}/1/2`)]) {
      expect([path, await ask(method, path)]).toEqual([path, 403]);
    }
  });

  it('answers 403 to changes and deletions of its resources', async () => {
    for (const path of collections) {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        expect([path, await ask(method, `${path}/1`)]).toEqual([path, 403]);
      }
    }
  });

  it('reads the environment of a grant', async () => {
    for (const { example } of endpoints) {
      expect(await ask('GET', fillPath(environmentPath, { ...example.parameters }))).toBe(200);
    }
  });
});

it("the schedule's event makes the gauge count open requests", async () => {
  await invoke(service.named('AWS::Lambda::Function', /^OpenRequests/).id, {});
  const counted = () => lines.map((line) => JSON.parse(line).message?.open).filter(Boolean);
  await vi.waitFor(() => expect(counted()).toEqual([{ count: 0, oldestMs: 0, endpoints: {} }]));
});
