import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { integrationTimeoutSeconds } from '../../deployment.ts';
import { type Answer, type Arrival, maxBodyBytes, type Page } from '../loopback/loopback.ts';
import type { StreamReply } from '../loopback/outgoing.ts';
import { json, type Reply } from '../loopback/reply.ts';
import type { Authorize } from './authorizer.ts';
import { createEvent, type Event } from './event.ts';
import { internalServerError, replyOf } from './result.ts';

/** A route and the function behind it. */
export interface Route {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** A token needs one of them, where there are any; undefined for a route without authorizer. */
  readonly scopes: readonly string[] | undefined;
  /** In place of the API's `authorize`. */
  readonly authorize?: Authorize;
  readonly invoke: (event: Event) => Promise<unknown>;
}

/** A request with its answer. */
export interface AnsweredRequest {
  readonly arrival: Arrival;
  readonly reply: Reply | StreamReply;
  readonly ms: number;
}

/** Observes each request and its answer, with the request's id. */
export interface ApiGatewayWatch {
  received(requestId: string, arrival: Arrival): void;
  answered(requestId: string, arrival: Arrival, reply: Reply | StreamReply): void;
}

export interface ApiGatewayOptions {
  readonly routes: readonly Route[];
  /** By method and path: `GET /docs`. */
  readonly pages?: Readonly<Record<string, Page>>;
  /** By default every request is admitted, and events have no authorizer. */
  readonly authorize?: Authorize;
  readonly onRequest?: (request: AnsweredRequest) => void;
  readonly watch?: ApiGatewayWatch;
  /** How long a function may take. */
  readonly integrationTimeoutMs?: number;
  /** Requests of routes in progress at once, 100 by default: with many more, none ends in time on one machine. */
  readonly mostAtOnce?: number;
}

/** Answers as an API Gateway HTTP API does, with Lambda proxy integrations of payload 2.0. */
export const createApiGateway = ({
  routes,
  pages = {},
  authorize,
  onRequest = () => {},
  watch,
  integrationTimeoutMs = integrationTimeoutSeconds * 1000,
  mostAtOnce = 100,
}: ApiGatewayOptions): Answer => {
  // API Gateway prefers the most specific route.
  const ordered = routes.toSorted(
    (one, other) => Number(isGreedy(one)) - Number(isGreedy(other)) || other.path.length - one.path.length,
  );
  let inProgress = 0;

  const reply = async (arrival: Arrival, requestId: string): Promise<Reply | StreamReply> => {
    const page = pages[`${arrival.method} ${arrival.path}`];
    if (page !== undefined) return page(arrival);
    const found = match(ordered, arrival);
    if (found === undefined) return json(404, { message: 'Not Found' });
    if (inProgress >= mostAtOnce) return json(429, { message: 'Too Many Requests' });
    inProgress++;
    try {
      return await admit(found, arrival, requestId);
    } finally {
      inProgress--;
    }
  };

  const admit = async ({ route, pathParameters }: Match, arrival: Arrival, requestId: string): Promise<Reply> => {
    const entry = route.scopes && (await (route.authorize ?? authorize)?.(arrival, route.scopes));
    if (entry && 'reply' in entry) return entry.reply;
    if (arrival.body.length > maxBodyBytes) return json(413, { message: 'Request Entity Too Large' });
    const routeKey = `${route.method} ${route.path}`;
    const event = createEvent({ arrival, requestId, routeKey, pathParameters, authorizer: entry?.authorizer });
    return integrate(route, event, integrationTimeoutMs);
  };

  return async (arrival) => {
    const started = performance.now();
    const requestId = randomBytes(11).toString('base64');
    watch?.received(requestId, arrival);
    const answered = await reply(arrival, requestId);
    watch?.answered(requestId, arrival, answered);
    onRequest({ arrival, reply: answered, ms: performance.now() - started });
    return { ...answered, headers: { 'apigw-requestid': requestId, ...answered.headers } };
  };
};

interface Match {
  readonly route: Route;
  readonly pathParameters: Record<string, string>;
}

const isGreedy = ({ path }: Route): boolean => path.endsWith(greedy);

const match = (routes: readonly Route[], { method, path }: Arrival): Match | undefined => {
  for (const route of routes) {
    const pathParameters = route.method === method ? matchRoute(route.path, path) : undefined;
    if (pathParameters !== undefined) return { route, pathParameters };
  }
  return undefined;
};

const greedy = '{proxy+}';

/** The path parameters; `{proxy+}` at the end of a template takes the rest of a path. */
const matchRoute = (template: string, path: string): Record<string, string> | undefined => {
  if (!template.endsWith(greedy)) return matchPath(template, path);
  const before = template.slice(0, -greedy.length);
  return path.startsWith(before) && path.length > before.length ? { proxy: path.slice(before.length) } : undefined;
};

const integrate = async (route: Route, event: Event, timeoutMs: number): Promise<Reply> => {
  const timer = new AbortController();
  const answered = route.invoke(event).then(replyOf, () => internalServerError);
  const late = delay(timeoutMs, json(503, { message: 'Service Unavailable' }), { signal: timer.signal });
  try {
    return await Promise.race([answered, late.catch(() => internalServerError)]);
  } finally {
    timer.abort();
  }
};
