import { randomUUID } from 'node:crypto';
import type { Deployment, Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { fillPath, matchPath } from '../../../lib/endpoints/path.ts';
import { deploymentExample } from '../../documents/deployment-example.ts';
import type { Arrival } from '../loopback/loopback.ts';
import { mediaType } from '../loopback/media-type.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import { json, type Reply } from '../loopback/reply.ts';
import type { Collection } from './collection.ts';
import { type DeployFault, deployFaults } from './deploy-faults.ts';
import { meet } from './fault-kind.ts';
import { notFound, refusal, unsupportedMediaType } from './refusal.ts';
import { substitute } from './substitution.ts';
import type { Waiting } from './waiting.ts';

/** A service of the sandbox: what is configured, and what a deployment has put into use. */
interface Service {
  readonly configured: Collection;
  /** Ids of the resources that the last deployment has put into use. */
  enforced: ReadonlySet<string>;
  deployedAt: number | undefined;
  /** Whether the last deployment failed. */
  error: { readonly id: string; readonly code: string; readonly message: string } | undefined;
  running: number;
  count: number;
  mostAtOnce: number;
}

export interface DeploymentsOptions {
  readonly apiBase: string;
  readonly collections: Map<string, Collection>;
  readonly waiting: Waiting;
  /** Chooses a fault for a deployment, if any. */
  readonly faultOf: (arrival: Arrival) => DeployFault | undefined;
  /** Milliseconds that a deployment takes. */
  readonly takesMs: number;
}

type Parameters = Readonly<Record<string, string>>;

/** The deployments of the sandbox, which puts resources into use as they were when the deployment began. */
export const createDeployments = (options: DeploymentsOptions) => {
  const { apiBase, collections, waiting, faultOf, takesMs } = options;
  const services = new Map<string, Service>();

  const serviceAt = ({ path }: Endpoint, deployment: Deployment, parameters: Parameters): Service => {
    const name = fillPath(deployment.path, parameters);
    const collection = fillPath(path, parameters);
    const configured: Collection = collections.get(collection) ?? new Map();
    collections.set(collection, configured);
    const fresh = { enforced: new Set<string>(), deployedAt: undefined, error: undefined };
    const service = services.get(name) ?? { configured, ...fresh, running: 0, count: 0, mostAtOnce: 0 };
    services.set(name, service);
    return service;
  };

  const answer = async (
    arrival: Arrival,
    endpoint: Endpoint,
    deployment: Deployment,
    parameters: Parameters,
  ): Promise<Outgoing> => {
    const service = serviceAt(endpoint, deployment, parameters);
    const state = (): Reply => {
      const { deployedAt } = service;
      const example = deploymentExample(endpoint, deployment);
      const { decisionEndpoint, _links, ...rest } = Object(substitute(example, { endpoint, parameters, apiBase }));
      const times =
        deployedAt === undefined ? {} : { deployedAt: new Date(deployedAt).toISOString(), decisionEndpoint };
      const body = { _links, ...rest, deployedAt: undefined, ...times, status: statusOf(service) };
      return json(200, body, { date: new Date(waiting.now()).toUTCString() });
    };
    if (arrival.method === 'GET') return state();
    if (arrival.method !== 'POST') return refusal(405, 'INVALID_REQUEST', 'The method is not supported.');
    if (mediaType(arrival.headers) !== deployment.contentType.toLowerCase()) return unsupportedMediaType();
    if (service.running > 0) {
      service.mostAtOnce = Math.max(service.mostAtOnce, service.running + 1);
      return refusal(409, 'CONFLICT', 'Conflict.');
    }

    const begin = () => {
      service.running++;
      service.count++;
      service.mostAtOnce = Math.max(service.mostAtOnce, service.running);
      return new Set(service.configured.keys());
    };
    const fault = faultOf(arrival);
    const deploy = async (afterMs = takesMs): Promise<Reply> => {
      const enforced = begin();
      if (afterMs > 0) await waiting.wait(arrival, afterMs);
      service.running--;
      Object.assign(service, { enforced, deployedAt: waiting.now(), error: undefined });
      return state();
    };
    const fail = (): Reply => {
      begin();
      service.running--;
      service.error = { id: randomUUID(), code: 'UNEXPECTED_ERROR', message: 'The deployment failed.' };
      return state();
    };
    const outgoing = await (fault ? meet(deployFaults, fault, { deploy, fail, state }) : deploy());
    if (outgoing === 'hang') waiting.hang(arrival);
    return outgoing;
  };

  return {
    /** Answers a request to a deployment; undefined for every other path. */
    answer: async (
      arrival: Arrival,
      endpoints: readonly Endpoint[],
      exists: (parameters: Parameters) => boolean,
    ): Promise<Outgoing | undefined> => {
      for (const endpoint of endpoints) {
        const { deployment } = endpoint;
        const parameters = deployment && matchPath(`/v1${deployment.path}`, arrival.path);
        if (parameters) return exists(parameters) ? answer(arrival, endpoint, deployment, parameters) : notFound();
      }
      return undefined;
    },
    /** What is configured and enforced of a service, and its deployments so far. */
    of: (path: string) => {
      const service = services.get(path);
      if (!service) return undefined;
      const { configured, enforced, count, mostAtOnce, running } = service;
      const ids = [...configured.keys()];
      return {
        configured: ids.length,
        enforced: ids.filter((id) => enforced.has(id)).length,
        count,
        mostAtOnce,
        running,
      };
    },
  };
};

const statusOf = ({ running, error, deployedAt }: Service) => {
  if (running > 0) return { code: 'POLICIES_CREATE_IN_PROGRESS' };
  if (error) return { code: 'DEPLOYMENT_FAILED', error };
  return { code: deployedAt === undefined ? 'DEPLOYMENT_UNINITIALIZED' : 'DEPLOYMENT_SUCCESSFUL' };
};
