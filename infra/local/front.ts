import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authorize } from './front/authorizer.ts';
import { createEvent, type Event } from './front/event.ts';
import { internalServerError, replyOf } from './front/result.ts';
import { isRecord, parseJson } from './json.ts';
import { type Answer, type Arrival, maxBodyBytes } from './loopback.ts';
import { matchPath } from './path-template.ts';
import { json, type Reply } from './reply.ts';

/** A route and the function behind it. */
export interface Route {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** A token needs one of them; none are asked for where there are none. */
  readonly scopes: readonly string[];
  readonly invoke: (event: Event) => Promise<unknown>;
}

/** Something of this run that the front serves itself, and API Gateway has not. */
export type Page = (arrival: Arrival) => Promise<Reply>;

/** One request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** The `id` in a JSON answer: PingOne's, of a resource or of an error. */
  readonly id: string | undefined;
}

export interface FrontOptions {
  readonly routes: readonly Route[];
  /** By method and path: `GET /docs`. */
  readonly pages?: Readonly<Record<string, Page>>;
  /** Without it everybody may come in, and events have no authorizer. */
  readonly authorize?: Authorize;
  readonly onRequest?: (request: AnsweredRequest) => void;
  /** How long a function may take; API Gateway gives it 30 s. */
  readonly integrationTimeoutMs?: number;
}

/** Answers as an API Gateway HTTP API does, with Lambda proxy integrations of payload 2.0. */
export const createFront = ({
  routes,
  pages = {},
  authorize,
  onRequest = () => {},
  integrationTimeoutMs = 30_000,
}: FrontOptions): Answer => {
  const reply = async (arrival: Arrival, requestId: string): Promise<Reply> => {
    const page = pages[`${arrival.method} ${arrival.path}`];
    if (page !== undefined) return page(arrival);
    const found = match(routes, arrival);
    if (found === undefined) return json(404, { message: 'Not Found' });
    const { route, pathParameters } = found;
    const entry = await authorize?.(arrival.headers.authorization, route.scopes);
    if (entry && 'reply' in entry) return entry.reply;
    if (arrival.body.length > maxBodyBytes) return json(413, { message: 'Request Entity Too Large' });
    const routeKey = `${route.method} ${route.path}`;
    const event = createEvent({ arrival, requestId, routeKey, pathParameters, authorizer: entry?.authorizer });
    return integrate(route, event, integrationTimeoutMs);
  };

  return async (arrival) => {
    const started = performance.now();
    const requestId = randomBytes(11).toString('base64');
    const answered = await reply(arrival, requestId);
    const { method, path } = arrival;
    onRequest({ method, path, status: answered.status, ms: performance.now() - started, id: idOf(answered) });
    return { ...answered, headers: { 'apigw-requestid': requestId, ...answered.headers } };
  };
};

const match = (routes: readonly Route[], { method, path }: Arrival) => {
  for (const route of routes) {
    const pathParameters = route.method === method ? matchPath(route.path, path) : undefined;
    if (pathParameters !== undefined) return { route, pathParameters };
  }
  return undefined;
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

const idOf = ({ body }: Reply): string | undefined => {
  const parsed = parseJson(body?.toString());
  return isRecord(parsed) && typeof parsed.id === 'string' ? parsed.id : undefined;
};
