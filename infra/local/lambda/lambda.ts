import { type FunctionName, functionNames } from '../../bundle/bundle.ts';
import { functionLimits } from '../../deployment.ts';
import type { EndpointQueues, QueuePair } from '../gateway/endpoint-queues.ts';
import { endpointEnvironments, type LocalStage, sharedEnvironments } from './environment.ts';
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
  const files = new Map(await Promise.all(functionNames.map(async (name) => [name, await build(name)] as const)));

  const define = (bundle: FunctionName, environment: Record<string, string>): LocalFunction => {
    const { AWS_LAMBDA_FUNCTION_NAME: name = bundle } = environment;
    const file = files.get(bundle) ?? '';
    const made = createFunction({ name, bundle: file, environment, limits: functionLimits[bundle], onLog, onInvoke });
    return parts.adopt(made, ({ close }) => close());
  };

  const withSource = (made: LocalFunction, { queue }: QueuePair): LocalFunction => {
    parts.adopt(startEventSource({ queue, invoke: made.invoke }), (source) => source.close());
    return made;
  };

  const ofEndpoints = [...queues].map(([name, own]) => {
    const { 'deploy-queue': deployQueue, ...environments } = endpointEnvironments(name, own, stage);
    const { pendingDeployments } = own;
    if (pendingDeployments && deployQueue) withSource(define('deploy-queue', deployQueue), pendingDeployments);
    return {
      name,
      http: define('http', environments.http),
      queue: withSource(define('queue', environments.queue), own),
      read: define('read', environments.read),
      deploy: pendingDeployments && define('deploy', environments.deploy),
    };
  });
  const byEndpoint = (bundle: 'http' | 'queue' | 'read' | 'deploy'): ReadonlyMap<string, LocalFunction> =>
    new Map(ofEndpoints.flatMap(({ name, [bundle]: made }) => (made ? [[name, made]] : [])));

  const shared = sharedEnvironments(queues, stage);
  return {
    http: byEndpoint('http'),
    queue: byEndpoint('queue'),
    read: byEndpoint('read'),
    /** Only of endpoints that need a deployment. */
    deploy: byEndpoint('deploy'),
    environmentLookup: define('environment-lookup', shared['environment-lookup']),
    webhook: define('webhook', shared.webhook),
    requestStatus: define('request-status', shared['request-status']),
    notOffered: define('not-offered', shared['not-offered']),
    close: () => parts.disposeAsync(),
  };
};

export type Functions = Awaited<ReturnType<typeof startFunctions>>;
