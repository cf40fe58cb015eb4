import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../../lib/runtime/clock.ts';
import { invocationOf } from '../loopback/invocation-header.ts';
import { decodeUtf8, parseJson } from '../loopback/json.ts';
import { type Arrival, listen } from '../loopback/loopback.ts';
import type { Reply } from '../loopback/reply.ts';
import { randomCredentials } from './credentials.ts';
import { createDynamoDB } from './dynamodb.ts';
import { createEventBridge } from './event-bridge/event-bridge.ts';
import { createSecretsManager } from './secrets-manager.ts';
import { type AwsService, unknownOperation } from './service.ts';
import { createSqs } from './sqs/sqs.ts';

/** Older calls are forgotten. */
const maxRequests = 10_000;

/** AWS keeps idle connections longer than Node's server does by default. */
const keepAliveMs = 60_000;

/** One call of an AWS service. */
export interface AwsRequest {
  /** The part of `X-Amz-Target` before the dot. */
  readonly service: string;
  readonly operation: string;
  /** Its parsed JSON; undefined where the body is not JSON. */
  readonly input: unknown;
}

/**
 * Called before and after every call. Its answer, if any, replaces the service's: `throttled`, for example.
 */
export type InterceptAws = (moment: 'before' | 'after', request: AwsRequest) => Promise<Reply | 'reset' | undefined>;

/** Observes every call with its answer, and with the invocation of a local function that made it. */
export type WatchAws = (request: AwsRequest, reply: Reply | 'reset', invocation: string | undefined) => void;

export interface AwsOptions {
  /** 0, which is the default, takes any free port. */
  readonly port?: number;
  readonly intercept?: InterceptAws;
  readonly watch?: WatchAws;
  /** Of queues and events. */
  readonly clock?: Clock;
  /** dynalite by default. */
  readonly dynamoDB?: AwsService;
}

/** Starts AWS on loopback: all services at one address, told apart by `X-Amz-Target` of AWS's JSON protocols. */
export const startAws = async ({
  port = 0,
  intercept = async () => undefined,
  watch = () => {},
  clock = systemClock,
  dynamoDB = createDynamoDB(),
}: AwsOptions = {}) => {
  await using opened = new AsyncDisposableStack();
  const server = opened.adopt(await listen(port, undefined, keepAliveMs), ({ close }) => close());
  const credentials = randomCredentials();
  const services = {
    secretsManager: createSecretsManager(credentials),
    dynamoDB,
    sqs: createSqs(clock, server.url),
    events: createEventBridge(clock),
  };
  const byTarget = new Map<string, AwsService>(Object.values(services).map((service) => [service.target, service]));
  const counts = new Map<string, number>();
  const requests: AwsRequest[] = [];

  for (const service of byTarget.values()) {
    opened.defer(async () => service.close?.());
    await service.start?.();
  }

  const answer = async (arrival: Arrival): Promise<Reply | 'reset'> => {
    const target = String(arrival.headers['x-amz-target'] ?? '');
    counts.set(target, (counts.get(target) ?? 0) + 1);
    const [name = '', operation = ''] = target.split('.', 2);
    const request = { service: name, operation, input: parseJson(decodeUtf8(arrival.body)) };
    requests.push(request);
    if (requests.length > maxRequests) requests.shift();

    const before = await intercept('before', request);
    const own = before ?? (await (byTarget.get(name)?.answer(operation, arrival) ?? unknownOperation()));
    const reply = before ?? (await intercept('after', request)) ?? own;
    watch(request, reply, invocationOf(arrival));
    return reply === 'reset' ? reply : { ...reply, headers: { 'x-amzn-requestid': randomUUID(), ...reply.headers } };
  };
  server.answer(answer);

  const remembered: readonly AwsRequest[] = requests;
  const parts = opened.move();
  return {
    endpoint: server.url,
    /** Answers a request that did not come over HTTP. */
    answer,
    /** For Secrets Manager; the other services take any. */
    credentials,
    /** The number of calls of a target like `secretsmanager.GetSecretValue`. */
    calls: (target: string): number => counts.get(target) ?? 0,
    /** The newest calls, oldest first. */
    requests: remembered,
    close: () => parts.disposeAsync(),
    ...services,
  };
};

/** AWS on loopback. */
export type Aws = Awaited<ReturnType<typeof startAws>>;
