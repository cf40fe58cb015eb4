import { endpoints } from '../../../lib/endpoints/index.ts';
import type { FunctionName } from '../../bundle/bundle.ts';
import { functionLimits } from '../../deployment.ts';
import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import {
  deployEnvironment,
  deployQueueEnvironment,
  httpEnvironment,
  lookupEnvironment,
  notOfferedEnvironment,
  queueEnvironment,
  readEnvironment,
  type Surroundings,
  statusEnvironment,
  webhookEnvironment,
} from './environment.ts';
import { startEventSource } from './event-source/event-source.ts';
import { createFunction, type LocalFunction, type OnInvoke } from './function.ts';
import type { OnLog } from './instance.ts';

export interface FunctionsOptions {
  /** By the endpoint's name. */
  readonly queues: ReadonlyMap<string, EndpointQueues>;
  readonly surroundings: Surroundings;
  readonly onLog?: OnLog | undefined;
  readonly onInvoke?: OnInvoke | undefined;
  /** Builds a function and returns its path. */
  readonly build: (name: FunctionName) => Promise<string>;
}

/** Starts all functions of a gateway, with the event sources of their queues. */
export const startFunctions = async ({ queues, surroundings, onLog, onInvoke, build }: FunctionsOptions) => {
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

  const serve = (name: string, own: EndpointQueues): LocalFunction => {
    const made = queue(`${name}-queue`, queueEnvironment(name, own, surroundings));
    parts.adopt(startEventSource({ queue: own.queue, invoke: made.invoke }), (source) => source.close());
    return made;
  };

  for (const [name, { pendingDeployments }] of queues) {
    if (!pendingDeployments) continue;
    const made = deployQueue(`${name}-deploy-queue`, deployQueueEnvironment(name, pendingDeployments, surroundings));
    parts.adopt(startEventSource({ queue: pendingDeployments.queue, invoke: made.invoke }), (source) => source.close());
  }

  return {
    /** By the endpoint's name. */
    http: new Map([...queues].map(([name, own]) => [name, http(name, httpEnvironment(name, own, surroundings))])),
    /** By the endpoint's name. */
    queue: new Map([...queues].map(([name, own]) => [name, serve(name, own)])),
    /** By the endpoint's name. */
    read: new Map([...queues.keys()].map((name) => [name, read(`${name}-read`, readEnvironment(name, surroundings))])),
    /** By the endpoint's name; only those that need a deployment. */
    deploy: new Map(
      endpoints
        .filter(({ name, deployment }) => deployment && queues.has(name))
        .map(({ name }) => [name, deploy(`${name}-deploy`, deployEnvironment(name, surroundings))]),
    ),
    environmentLookup: lookup('environment-lookup', lookupEnvironment(surroundings)),
    webhook: webhook('webhook', webhookEnvironment(queues, surroundings)),
    requestStatus: status('request-status', statusEnvironment(surroundings)),
    notOffered: other('not-offered', notOfferedEnvironment(surroundings)),
    close: () => parts.disposeAsync(),
  };
};

export type Functions = Awaited<ReturnType<typeof startFunctions>>;
