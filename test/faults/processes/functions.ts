import { bundleOf } from '../../../infra/bundle/bundle.ts';
import type { Route } from '../../../infra/local/api-gateway/api-gateway.ts';
import { scope } from '../../../infra/local/api-gateway/routes.ts';
import type { Aws } from '../../../infra/local/aws/aws.ts';
import { createEndpointQueues } from '../../../infra/local/gateway/endpoint-queues.ts';
import { endpointEnvironments, type LocalStage, sharedEnvironments } from '../../../infra/local/lambda/environment.ts';
import { startEventSource } from '../../../infra/local/lambda/event-source/event-source.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { startEnvironment } from './environment.ts';
import { createPool, type FunctionPool } from './function-pool.ts';
import type { Journal } from './journal.ts';
import type { Strikes } from './strikes.ts';
import { functionTimeoutMs, visibilityTimeoutSeconds } from './times.ts';
import type { Weather } from './weather.ts';

/** Largest number of environments of each function. */
const mostEnvironments = { http: 10, queue: 2, 'request-status': 2 } as const;

export interface FunctionsOptions {
  /** The built host script. */
  readonly host: string;
  readonly aws: Aws;
  readonly stage: LocalStage;
  readonly weather: Weather;
  readonly strikes: Strikes;
  readonly journal: Journal;
  /** Called when an invocation begins. */
  readonly onInvoke: (id: string, event: unknown) => void;
  /** Called when an invocation ends, with its result or its error. */
  readonly onResult: (id: string, result: unknown) => void;
}

/** Every function of a deployment with its environments as processes, and the event sources of the queues. */
export const startFunctions = (options: FunctionsOptions) => {
  const { host, aws, stage, weather, strikes, journal, onInvoke, onResult } = options;
  const parts = new AsyncDisposableStack();
  const pools: FunctionPool[] = [];
  let environments = 0;

  const poolOf = (bundle: keyof typeof mostEnvironments, variables: Readonly<Record<string, string>>): FunctionPool => {
    const functionName = variables.AWS_LAMBDA_FUNCTION_NAME ?? bundle;
    const pool = createPool({
      timeoutMs: functionTimeoutMs[bundle],
      most: mostEnvironments[bundle],
      start: () =>
        startEnvironment({
          host,
          bundle: bundleOf(bundle),
          functionName,
          variables,
          offsetMs: weather.offsetMs(environments++),
          onLine: (line) => journal.note(undefined, line),
          onStop: strikes.stopped,
        }),
      onBegin: (id, event, environment) => {
        onInvoke(id, event);
        journal.note(id, `invokes ${functionName} in ${environment.pid}, clock ${Math.round(environment.offsetMs)}`);
        return strikes.begin(id, environment);
      },
      onEnd: (id, result) => {
        strikes.end(id);
        journal.note(id, `ended: ${result instanceof Error ? result.message : JSON.stringify(result)}`);
        onResult(id, result);
      },
    });
    pools.push(pool);
    return pool;
  };

  // However this process ends, its children end with it.
  const killAll = () => {
    for (const pool of pools) pool.kill();
  };
  process.once('exit', killAll);
  parts.defer(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    process.off('exit', killAll);
  });

  const doors = endpoints.map((endpoint) => {
    const queues = createEndpointQueues(aws, endpoint, visibilityTimeoutSeconds);
    const environments = endpointEnvironments(endpoint.name, queues, stage);
    const http = poolOf('http', environments.http);
    const queue = poolOf('queue', environments.queue);
    parts.adopt(startEventSource({ queue: queues.queue, invoke: queue.invoke }), (source) => source.close());
    return { endpoint, queues, http };
  });
  const status = poolOf('request-status', sharedEnvironments(new Map(), stage)['request-status']);
  const route = (method: string, path: string, { invoke }: FunctionPool): Route => ({
    method,
    path,
    scopes: [scope],
    invoke,
  });

  return {
    routes: [
      ...doors.map(({ endpoint: { path }, http }) => route('POST', `/v1${path}`, http)),
      route('GET', '/v1/requests/{id}', status),
    ],
    /** By the endpoint's name. */
    queues: new Map(doors.map(({ endpoint, queues }) => [endpoint.name, queues])),
    /** Number of processes so far. */
    environments: () => environments,
    close: () => parts.disposeAsync(),
  };
};
