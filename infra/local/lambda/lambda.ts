import type { FunctionName } from '../../bundle/bundle.ts';
import { functionLimits } from '../../deployment.ts';
import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import { httpEnvironment, queueEnvironment, type Surroundings, statusEnvironment } from './environment.ts';
import { startEventSource } from './event-source/event-source.ts';
import { createFunction, type LocalFunction, type OnInvoke } from './function.ts';
import type { OnLog } from './instance.ts';

export interface FunctionsOptions {
  /** By the endpoint's name. */
  readonly queues: ReadonlyMap<string, EndpointQueues>;
  readonly surroundings: Surroundings;
  readonly onLog?: OnLog | undefined;
  readonly onInvoke?: OnInvoke | undefined;
  /** Builds a function and says where it is. */
  readonly build: (name: FunctionName) => Promise<string>;
}

/** All functions of a gateway, as AWS would run them; queues are served from the start. */
export interface Functions {
  /** HTTP functions by the endpoint's name. */
  readonly http: ReadonlyMap<string, LocalFunction>;
  /** Queue functions by the endpoint's name. */
  readonly queue: ReadonlyMap<string, LocalFunction>;
  readonly requestStatus: LocalFunction;
  close(): Promise<void>;
}

export const startFunctions = async ({
  queues,
  surroundings,
  onLog,
  onInvoke,
  build,
}: FunctionsOptions): Promise<Functions> => {
  const parts = new AsyncDisposableStack();
  const define = async (bundle: FunctionName & keyof typeof functionLimits) => {
    const common = { bundle: await build(bundle), limits: functionLimits[bundle], onLog, onInvoke };
    return (name: string, environment: Record<string, string>): LocalFunction =>
      parts.adopt(createFunction({ ...common, name, environment }), (made) => made.close());
  };
  const [http, queue, status] = await Promise.all([define('http'), define('queue'), define('request-status')]);

  const serve = (name: string, own: EndpointQueues): LocalFunction => {
    const made = queue(`${name}-queue`, queueEnvironment(name, own, surroundings));
    parts.adopt(startEventSource({ queue: own.queue, invoke: made.invoke }), (source) => source.close());
    return made;
  };

  return {
    http: new Map([...queues].map(([name, own]) => [name, http(name, httpEnvironment(name, own, surroundings))])),
    queue: new Map([...queues].map(([name, own]) => [name, serve(name, own)])),
    requestStatus: status('request-status', statusEnvironment(surroundings)),
    close: () => parts.disposeAsync(),
  };
};
