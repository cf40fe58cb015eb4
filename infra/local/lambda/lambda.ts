import type { FunctionName } from '../../bundle/bundle.ts';
import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import { httpEnvironment, queueEnvironment, type Surroundings, statusEnvironment } from './environment.ts';
import { startEventSource } from './event-source/event-source.ts';
import { createFunction, type LocalFunction, type OnInvoke } from './function.ts';
import type { OnLog } from './instance.ts';

/** A sixth of the queues' visibility timeout, as AWS advises. */
const queueTimeoutMs = 60_000;

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
  const [http, queue, status] = await Promise.all([build('http'), build('queue'), build('request-status')]);
  const parts = new AsyncDisposableStack();
  const create = (name: string, bundle: string, environment: Record<string, string>): LocalFunction =>
    parts.adopt(createFunction({ name, bundle, environment, onLog, onInvoke }), (made) => made.close());

  const serve = (name: string, own: EndpointQueues): LocalFunction => {
    const made = create(`${name}-queue`, queue, queueEnvironment(name, own, surroundings));
    const invoke = (event: unknown) => made.invoke(event, { timeoutMs: queueTimeoutMs });
    parts.adopt(startEventSource({ queue: own.queue, invoke }), (source) => source.close());
    return made;
  };

  return {
    http: new Map(
      [...queues].map(([name, own]) => [name, create(name, http, httpEnvironment(name, own, surroundings))]),
    ),
    queue: new Map([...queues].map(([name, own]) => [name, serve(name, own)])),
    requestStatus: create('request-status', status, statusEnvironment(surroundings)),
    close: () => parts.disposeAsync(),
  };
};
