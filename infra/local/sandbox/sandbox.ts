import { randomUUID } from 'node:crypto';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { type Clock, systemClock } from '../../../lib/runtime/clock.ts';
import { type Arrival, listen } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import { type RecordedRequest, recordOf } from '../loopback/recorded-request.ts';
import { createApplication, type TokenEndpointAuthMethod } from './application.ts';
import type { Collection } from './collection.ts';
import type { Fault } from './create-faults.ts';
import type { Creation, Intercept } from './creation.ts';
import type { DeployFault } from './deploy-faults.ts';
import { createDeployments } from './deployments.ts';
import type { ListFault } from './list-faults.ts';
import { invalidToken, notFound } from './refusal.ts';
import type { Resource } from './resource.ts';
import { createTenant, type Listing } from './tenant.ts';
import { createWaiting, type OnHold } from './waiting.ts';

/** Older requests are forgotten. */
const maxRequests = 10_000;

/** Chooses faults for valid creates, for lists and for deployments, if any. */
export interface Faults {
  readonly create?: (creation: Creation) => Fault | undefined;
  readonly list?: (listing: Listing) => ListFault | undefined;
  readonly deploy?: (arrival: Arrival) => DeployFault | undefined;
}

/** Observes every request and its answer. */
export interface SandboxWatch {
  called(arrival: Arrival): void;
  answered(arrival: Arrival, outgoing: Outgoing): void;
}

export interface SandboxOptions {
  readonly endpoints: readonly Endpoint[];
  /** For every wait and every time. */
  readonly clock?: Clock;
  readonly tokenEndpointAuthMethod?: TokenEndpointAuthMethod;
  readonly intercept?: Intercept;
  readonly faults?: Faults;
  readonly onHold?: OnHold;
  readonly watch?: SandboxWatch;
  /** Changes any answer, also of the token endpoint. */
  readonly alter?: (arrival: Arrival, outgoing: Outgoing) => Outgoing;
  /** Refuses a second resource of one name in a collection. PingOne documents no rule of this kind. */
  readonly uniqueNames?: boolean;
  /** Milliseconds from a resource's creation to its first appearance in a list; 0 by default. */
  readonly listedAfterMs?: (creation: Creation) => number;
  /** Milliseconds that a deployment takes; 0 by default. */
  readonly deploysInMs?: number;
  /** Milliseconds until an idle connection is closed; 5,000 by default. */
  readonly keepAliveMs?: number | undefined;
}

/** Starts a PingOne in memory with the environments, API servers and resource shapes of the endpoints' examples. */
export const startSandbox = async ({
  endpoints,
  clock = systemClock,
  tokenEndpointAuthMethod = 'client_secret_basic',
  intercept = async () => undefined,
  faults = {},
  onHold = () => {},
  watch,
  alter = (_, outgoing) => outgoing,
  uniqueNames = false,
  listedAfterMs = () => 0,
  deploysInMs = 0,
  keepAliveMs,
}: SandboxOptions) => {
  const server = await listen(0, undefined, keepAliveMs);
  const apiBase = `${server.url}/v1`;
  const application = createApplication(tokenEndpointAuthMethod, clock);
  const collections = new Map<string, Collection>();
  const requests: RecordedRequest[] = [];
  const waiting = createWaiting(clock, onHold);
  const deployments = createDeployments({
    apiBase,
    collections,
    waiting,
    faultOf: (arrival) => faults.deploy?.(arrival),
    takesMs: deploysInMs,
  });
  const tenant = createTenant({
    endpoints,
    apiBase,
    collections,
    waiting,
    intercept,
    faultOf: (creation) => faults.create?.(creation),
    listFaultOf: (listing) => faults.list?.(listing),
    uniqueNames,
    listedAfterMs,
    deployments,
  });

  const route = async (arrival: Arrival): Promise<Outgoing> => {
    const isToken = arrival.path === `/${application.environmentID}/as/token`;
    if (isToken && arrival.method === 'POST') return application.token(arrival);
    if (!arrival.path.startsWith('/v1/')) return notFound();
    return application.accepts(arrival.headers.authorization) ? tenant(arrival) : invalidToken();
  };

  server.answer(async (arrival) => {
    requests.push(recordOf(arrival));
    if (requests.length > maxRequests) requests.shift();
    watch?.called(arrival);
    const reply = alter(arrival, await route(arrival));
    watch?.answered(arrival, reply);
    return typeof reply === 'string'
      ? reply
      : { ...reply, headers: { 'Correlation-Id': randomUUID(), ...reply.headers } };
  });

  const recorded: readonly RecordedRequest[] = requests;
  return {
    apiBase,
    authBase: server.url,
    application,
    /** The functions' secret, with the application's secret of now. */
    get secret() {
      const { clientId, clientSecret, environmentID } = application;
      return { clientId, clientSecret, environmentID, apiBase, authBase: server.url, tokenEndpointAuthMethod };
    },
    /** The newest requests, oldest first. */
    requests: recorded,
    /** The resources below a path such as `/environments/…/connectorInstances`, oldest first. */
    resources: (collectionPath: string): readonly Resource[] =>
      [...(collections.get(collectionPath)?.values() ?? [])].map(({ resource }) => resource),
    /** What is configured and enforced below a path such as `/environments/…/deployment`, once a request named it. */
    deployment: deployments.of,
    close: async (): Promise<void> => {
      waiting.close();
      await server.close();
    },
  };
};

/** A PingOne on loopback. */
export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
