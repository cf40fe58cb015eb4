import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { type Arrival, listen } from './loopback.ts';
import type { Reply } from './reply.ts';
import { type Application, createApplication, type TokenEndpointAuthMethod } from './sandbox/application.ts';
import type { Collection, Intercept } from './sandbox/creation.ts';
import { invalidToken, notFound } from './sandbox/refusal.ts';
import type { Resource } from './sandbox/resource.ts';
import { createTenant } from './sandbox/tenant.ts';

/** The newest requests that are remembered. */
const maxRequests = 10_000;

export interface SandboxOptions {
  readonly endpoints: readonly Endpoint[];
  /** 0, which is the default, takes any free port. */
  readonly port?: number;
  readonly clock?: () => Date;
  readonly tokenEndpointAuthMethod?: TokenEndpointAuthMethod;
  readonly intercept?: Intercept;
}

/** A request as the sandbox got it. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the functions' secret holds; PingOne's own words. */
export interface ApplicationSecret {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly environmentID: string;
  readonly apiBase: string;
  readonly authBase: string;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
}

/** A PingOne on loopback, with its state in memory. */
export interface Sandbox {
  readonly apiBase: string;
  readonly authBase: string;
  readonly application: Application;
  /** As it is now: a rotated secret is in it. */
  readonly secret: ApplicationSecret;
  readonly requests: readonly RecordedRequest[];
  /** The resources below a path such as `/environments/…/connectorInstances`, oldest first. */
  resources(collectionPath: string): readonly Resource[];
  close(): Promise<void>;
}

/** Starts a PingOne that knows the environments, API servers and shapes of these endpoints' examples. */
export const startSandbox = async ({
  endpoints,
  port = 0,
  clock = () => new Date(),
  tokenEndpointAuthMethod = 'client_secret_basic',
  intercept = async () => undefined,
}: SandboxOptions): Promise<Sandbox> => {
  const server = await listen(port);
  const apiBase = `${server.url}/v1`;
  const application = createApplication(tokenEndpointAuthMethod, clock);
  const collections = new Map<string, Collection>();
  const requests: RecordedRequest[] = [];
  const tenant = createTenant({ endpoints, apiBase, collections, clock, intercept });

  const route = async (arrival: Arrival): Promise<Reply | 'reset'> => {
    const isToken = arrival.path === `/${application.environmentID}/as/token`;
    if (isToken && arrival.method === 'POST') return application.token(arrival);
    if (!arrival.path.startsWith('/v1/')) return notFound();
    return application.accepts(arrival.headers.authorization) ? tenant(arrival) : invalidToken();
  };

  server.answer(async (arrival) => {
    requests.push(recordOf(arrival));
    if (requests.length > maxRequests) requests.shift();
    const reply = await route(arrival);
    return reply === 'reset' ? reply : { ...reply, headers: { 'Correlation-Id': randomUUID(), ...reply.headers } };
  });

  return {
    apiBase,
    authBase: server.url,
    application,
    get secret() {
      const { clientId, clientSecret, environmentID } = application;
      return { clientId, clientSecret, environmentID, apiBase, authBase: server.url, tokenEndpointAuthMethod };
    },
    requests,
    resources: (collectionPath) => [...(collections.get(collectionPath)?.values() ?? [])],
    close: server.close,
  };
};

const recordOf = ({ method, path, query, headers, body }: Arrival): RecordedRequest => ({
  method,
  path: query ? `${path}?${query}` : path,
  headers,
  body: body.toString(),
});
