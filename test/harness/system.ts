import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { type Aws, type InterceptAws, startAws } from '../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { seededRandom } from '../../infra/local/sandbox/random.ts';
import { type SandboxOptions, startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { sdkDynamoDB } from '../../infra/operator/sdk-dynamodb.ts';
import { addPendingDeploymentWith } from '../../lib/deploy/pending-deployment.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints as offered } from '../../lib/endpoints/index.ts';
import { openDynamoDB } from '../../lib/ledger/dynamodb.ts';
import type { LedgerBy } from '../../lib/ledger/ledger.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { dynamoTable, type Table } from '../../lib/ledger/table.ts';
import { cachedAccessToken } from '../../lib/pingone/access-token.ts';
import { type PingOne, pingOneClient } from '../../lib/pingone/client.ts';
import { cachedCredentials } from '../../lib/pingone/credentials.ts';
import { Problem } from '../../lib/problems.ts';
import { provisionWith } from '../../lib/provision/provision.ts';
import type { Outcome, Provision, ProvisionRequest } from '../../lib/provision/request.ts';
import { defaultTimings, type Timings } from '../../lib/provision/timings.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { openConnections, type Send } from '../../lib/runtime/connection.ts';
import type { Log } from '../../lib/runtime/logger.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import { directClient } from './direct-client.ts';
import { memoryDynamoDB } from './dynamodb/memory-dynamodb.ts';
import { httpRequest } from './http-request.ts';
import './parse-once.ts';
import { requestHandlerOf, unsigned } from './request-handler.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** The points at which a function can die: before and after each of its outgoing calls. */
export type Step = `${'before' | 'after'} ${string}`;

export interface SystemOptions {
  readonly sandbox?: Omit<SandboxOptions, 'endpoints' | 'clock' | 'onHold'>;
  readonly intercept?: InterceptAws;
  readonly timings?: Partial<Timings>;
  /** By default those of the gateway. */
  readonly endpoints?: readonly Endpoint[];
  /** Whether DynamoDB is dynalite, and AWS is called as deployed functions call it; by default a table in memory, called directly. */
  readonly dynalite?: boolean;
}

export interface CreateOptions {
  readonly endpoint: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly caller: string;
  readonly key: string | undefined;
  /** Whether the caller's grant says to deploy after it. */
  readonly deploysAfter: boolean;
  /** The id of the arrival. */
  readonly arrivalID: string;
  /** Time for the answer, in milliseconds. */
  readonly withinMs: number;
  /** Milliseconds by which the function's clock is ahead. */
  readonly skewMs: number;
  /** Whether the function dies at a step. */
  readonly dies: (step: Step) => boolean;
  /** Promises that the function waits for at a step, as if it were frozen. */
  readonly sleeps: Readonly<Partial<Record<Step, Promise<void>>>>;
}

/** The answer to the caller, or that the function died before it answered. */
export type CallerAnswer =
  | ({ readonly answered: 201 } & Outcome)
  | { readonly answered: number; readonly problem: Problem }
  | { readonly answered: 'died' };

/** The core of the gateway with PingOne over loopback and AWS in this process, on a virtual clock. */
export const startSystem = async ({
  sandbox: sandboxOptions,
  intercept,
  timings: changed,
  endpoints = offered,
  dynalite = false,
}: SystemOptions = {}) => {
  const clock = virtualClock();
  const timings = { ...defaultTimings, ...changed };
  const exchanges = new Map<string, () => void>();
  const aws = await startAws({
    clock,
    ...(intercept && { intercept }),
    ...(!dynalite && { dynamoDB: memoryDynamoDB() }),
  });
  const sandbox = await startSandbox({
    ...sandboxOptions,
    endpoints,
    clock,
    onHold: (headers, held) => {
      const id = String(headers['x-exchange']);
      const end = exchanges.get(id);
      if (held) end?.();
      else if (end) exchanges.set(id, clock.begin());
    },
  });
  const publishSecret = () => aws.secretsManager.put('worker', JSON.stringify(sandbox.secret));
  publishSecret();

  const logged: unknown[] = [];
  const ledgerDeadlines: number[] = [];
  const log: Log = (level, line) => void logged.push({ level, ...line });
  const client = {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: aws.credentials,
    retryStrategy: new ConfiguredRetryStrategy(3, () => 0),
    requestHandler: requestHandlerOf(aws),
  };
  const unsignedClient = { ...client, signer: unsigned };
  const dynamo = new DynamoDBClient(unsignedClient);
  const secrets = new SecretsManagerClient(client);
  const table = watched(
    dynamoTable(
      dynalite ? dynamoOver(aws) : sdkDynamoDB(directClient(DynamoDBClient, aws.dynamoDB, aws)),
      ledgerTable,
    )(Number.POSITIVE_INFINITY),
    clock,
  );
  const arrival = new AsyncLocalStorage<string>();
  let exchange = 0;
  const random = seededRandom(7);
  const sqs = dynalite ? new SQSClient(unsignedClient) : directClient(SQSClient, aws.sqs, aws);
  /** The queue of pending deployments, once there is one. */
  const pendingDeployments: { queueUrl?: string; delayMs: number } = { delayMs: 15_000 };

  /** One function with its connections, token and secret, as Lambda keeps them between invocations. */
  const startFunction = (own: VirtualClock) => {
    const connections = openConnections(own);
    const send: Send = async (outgoing, timeoutMs) => {
      const id = String(exchange++);
      exchanges.set(id, clock.begin());
      try {
        return await connections(
          { ...outgoing, headers: { ...outgoing.headers, 'x-exchange': id, 'x-arrival': arrival.getStore() ?? '' } },
          timeoutMs,
        );
      } finally {
        exchanges.get(id)?.();
        exchanges.delete(id);
      }
    };
    const cached = cachedCredentials(secrets, 'worker', own.now, log);
    const credentials = { ...cached, get: () => clock.during(cached.get()) };
    const accessToken = cachedAccessToken(credentials, send, own.now, timings.attempt, log);
    return { send, pingOne: pingOneClient({ accessToken, send, clock: own, timeoutMs: timings.attempt }) };
  };
  const { pingOne, send } = startFunction(clock);
  const skewed = new Map<number, PingOne>([[0, pingOne]]);
  const pingOneBy = (skewMs: number, own: VirtualClock): PingOne => {
    const made = skewed.get(skewMs) ?? startFunction(own).pingOne;
    skewed.set(skewMs, made);
    return made;
  };

  const addPendingBy = (endpoint: Endpoint, own: VirtualClock, fate: Fate) => {
    const { queueUrl, delayMs } = pendingDeployments;
    const { send: sendMessage } = mortalPart(
      'SQS',
      { send: (command: SendMessageCommand) => own.during(sqs.send(command)) },
      fate,
    );
    const client = new Proxy(sqs, {
      get: (target, member) => (member === 'send' ? sendMessage : Reflect.get(target, member)),
    });
    const ledger = mortalPart('ledger', openPendingDeployments(table, endpoint.name), fate);
    const parts = { endpoint, pendingDeployments: () => ledger, sqs: client, queueUrl, delayMs, clock: own };
    return addPendingDeploymentWith(parts);
  };

  /** The core of a function that may die at any step. */
  const composed = (endpoint: Endpoint, fate: Fate, skewMs = 0): { ledger: LedgerBy; provision: Provision } => {
    const own = { ...clock, now: () => clock.now() + skewMs };
    const ledger = () => openLedger(table, endpoint.name, timings.clockSkew);
    const provision = (request: ProvisionRequest, deadline: number) => {
      const parts = {
        pingOne: mortalPart('PingOne', pingOneBy(skewMs, own), fate),
        ledger: (by: number) => {
          ledgerDeadlines.push(by);
          return mortalPart('ledger', ledger(), fate);
        },
        clock: own,
        timings,
        random,
        newOwner: () => `${request.arrivalID} ${randomUUID()}`,
        log,
        addPending: addPendingBy(endpoint, own, fate),
      };
      return arrival.run(request.arrivalID, () => provisionWith(parts)(request, deadline));
    };
    return { ledger, provision };
  };

  const ask = async (asked: Partial<CreateOptions> = {}): Promise<CallerAnswer> => {
    const { endpoint = endpoints[0], withinMs = 26_000, dies = () => false, sleeps = {}, skewMs = 0 } = asked;
    if (!endpoint) throw new Error('there is no endpoint');
    const { body = endpoint.example.body, parameters = endpoint.example.parameters } = asked;
    const { caller = 'alice', key, arrivalID = randomUUID(), deploysAfter = false } = asked;
    const died = Promise.withResolvers<CallerAnswer>();
    const fate = { dies, sleeps, onDeath: () => died.resolve({ answered: 'died' }) };
    const { provision } = composed(endpoint, fate, skewMs);
    const request = { ...httpRequest(endpoint, { parameters, body, caller, key, arrivalID }), deploysAfter };
    return Promise.race([died.promise, answerOf(provision(request, clock.now() + skewMs + withinMs))]);
  };

  return {
    clock,
    aws,
    sandbox,
    ask,
    composed,
    client,
    sqs,
    pendingDeployments,
    events: dynalite ? new EventBridgeClient(unsignedClient) : directClient(EventBridgeClient, aws.events, aws),
    log,
    logged,
    /** The deadline of each attempt's ledger calls, in milliseconds since the epoch. */
    ledgerDeadlines,
    table,
    dynamo,
    publishSecret,
    /** The parts of a client without a ledger. */
    plain: { send, token: pingOne.token, refused: pingOne.refused, get: pingOne.get, arrival },
    /** Lets time pass. */
    pass: (milliseconds: number) => new Promise<void>((resolve) => clock.after(milliseconds, resolve)),
    close: async () => {
      dynamo.destroy();
      secrets.destroy();
      await Promise.all([aws.close(), sandbox.close()]);
    },
  };
};

/** DynamoDB as functions call it, over HTTP, without waits before a retry. */
const dynamoOver = ({ endpoint, credentials }: Aws) =>
  openDynamoDB({
    region: 'us-east-1',
    target: targetOf(endpoint),
    credentials: async () => credentials,
    send: openConnections(systemClock),
    clock: systemClock,
    random: () => 0,
  });

export type System = Awaited<ReturnType<typeof startSystem>>;

const answerOf = (outcome: Promise<Outcome>): Promise<CallerAnswer> =>
  outcome.then(
    (made): CallerAnswer => ({ answered: 201, ...made }),
    (error): CallerAnswer => {
      if (!(error instanceof Problem)) throw error;
      return { answered: error.status, problem: error };
    },
  );

const watched = (table: Table, clock: VirtualClock): Table => ({
  read: (key) => clock.during(table.read(key)),
  change: (key, change) => clock.during(table.change(key, change)),
});

/** When a function dies, or is frozen. */
export interface Fate {
  readonly dies: (step: Step) => boolean;
  readonly sleeps: CreateOptions['sleeps'];
  readonly onDeath: () => void;
}

/** A part whose caller may die before or after any call: then the call never returns. */
export const mortalPart = <Part extends object>(name: string, part: Part, { dies, sleeps, onDeath }: Fate): Part =>
  new Proxy(part, {
    get: (target, member, receiver) => {
      const value = Reflect.get(target, member, receiver);
      if (typeof value !== 'function' || member === 'refused') return value;
      return async (...args: readonly unknown[]) => {
        const at = (step: Step) => {
          if (!dies(step)) return sleeps[step];
          onDeath();
          return new Promise<never>(() => {});
        };
        const step = `${name} ${String(member)}`;
        await at(`before ${step}`);
        const result: unknown = await Reflect.apply(value, target, args);
        await at(`after ${step}`);
        return result;
      };
    },
  });
