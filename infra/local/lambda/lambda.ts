import { endpoints } from '../../../lib/endpoints/index.ts';
import type { FunctionName } from '../../bundle/bundle.ts';
import { functionLimits } from '../../deployment.ts';
import type { EndpointQueues, QueuePair } from '../gateway/endpoint-queues.ts';
import {
  deployEnvironment,
  deployQueueEnvironment,
  httpEnvironment,
  type LocalStage,
  lookupEnvironment,
  notOfferedEnvironment,
  queueEnvironment,
  readEnvironment,
  statusEnvironment,
  webhookEnvironment,
} from './environment.ts';
import { startEventSource } from './event-source/event-source.ts';
import { createFunction, type LocalFunction, type OnInvoke } from './function.ts';
import type { OnLog } from './instance.ts';

export interface FunctionsOptions {
  /** By the endpoint's name. */
  readonly queues: ReadonlyMap<string, EndpointQueues>;
  readonly stage: LocalStage;
  readonly onLog?: OnLog | undefined;
  readonly onInvoke?: OnInvoke | undefined;
  /** Builds a function and returns its path. */
  readonly build: (name: FunctionName) => Promise<string>;
}

/** Starts all functions of a gateway, with the event sources of their queues. */
export const startFunctions = async ({ queues, stage, onLog, onInvoke, build }: FunctionsOptions) => {
  const parts = new AsyncDisposableStack();
  const define = async (bundle: FunctionName & keyof typeof functionLimits) => {
    const common = { bundle: await build(bundle), limits: functionLimits[bundle], onLog, onInvoke };
    return (name: string, environment: Record<string, string>): LocalFunction =>
      parts.adopt(createFunction({ ...common, name, environment }), (made) => made.close());
  };
  const [http, queue, read, deploy, lookup, webhook, deployQueue, status, other] = await Promise.all([
    define('http'),
    define('queue'),
    define('read'),
    define('deploy'),
    define('environment-lookup'),
    define('webhook'),
    define('deploy-queue'),
    define('request-status'),
    define('not-offered'),
  ]);

  const withSource = (made: LocalFunction, { queue }: QueuePair): LocalFunction => {
    parts.adopt(startEventSource({ queue, invoke: made.invoke }), (source) => source.close());
    return made;
  };

  for (const [name, { pendingDeployments: pair }] of queues) {
    if (pair) withSource(deployQueue(`${name}-deploy-queue`, deployQueueEnvironment(name, pair, stage)), pair);
  }

  return {
    /** By the endpoint's name. */
    http: new Map([...queues].map(([name, own]) => [name, http(name, httpEnvironment(name, own, stage))])),
    /** By the endpoint's name. */
    queue: new Map(
      [...queues].map(([name, own]) => [
        name,
        withSource(queue(`${name}-queue`, queueEnvironment(name, own, stage)), own),
      ]),
    ),
    /** By the endpoint's name. */
    read: new Map([...queues.keys()].map((name) => [name, read(`${name}-read`, readEnvironment(name, stage))])),
    /** By the endpoint's name; only those that need a deployment. */
    deploy: new Map(
      endpoints
        .filter(({ name, deployment }) => deployment && queues.has(name))
        .map(({ name }) => [name, deploy(`${name}-deploy`, deployEnvironment(name, stage))]),
    ),
    environmentLookup: lookup('environment-lookup', lookupEnvironment(stage)),
    webhook: webhook('webhook', webhookEnvironment(queues, stage)),
    requestStatus: status('request-status', statusEnvironment(stage)),
    notOffered: other('not-offered', notOfferedEnvironment(stage)),
    close: () => parts.disposeAsync(),
  };
};

export type Functions = Awaited<ReturnType<typeof startFunctions>>;
