import type { AnsweredRequest } from '../api-gateway/api-gateway.ts';
import { withoutBasePath } from '../api-gateway/base-path.ts';
import { isCreate } from '../live/http-request.ts';
import { codeIn, outcomeOfAnswer, outcomes } from '../live/outcome.ts';
import { webhookIn } from '../live/webhook.ts';
import { membersOf, parseJson, textOf } from '../loopback/json.ts';
import { apiGatewayLine } from './api-gateway-line.ts';
import type { Line } from './line.ts';
import { isRouted, routeHint } from './route-hint.ts';

/** Whether a request gets a line; a request for a page does not. */
export const isCall = ({ arrival: { method, path }, reply: { status } }: AnsweredRequest): boolean =>
  method !== 'GET' || withoutBasePath(path).startsWith('/v1/') || status >= 400;

/** The line of an HTTP request; `url` is the gateway's. */
export const requestLine = (request: AnsweredRequest, url: string): Line => {
  const { arrival, reply, ms } = request;
  const text = 'stream' in reply ? '' : (reply.body?.toString() ?? '');
  const body = membersOf(parseJson(text));
  const webhook = webhookIn({ ...arrival, body: arrival.body });
  const requested = webhook ? webhook.body : parseJson(arrival.body.toString());
  const name = isCreate(arrival) ? textOf(membersOf(requested).name) : undefined;
  const common = { via: String(reply.status), ms, name: name ?? `${arrival.method} ${arrival.path}` };
  const code = codeIn(text);
  if (reply.status < 400) return { ...common, ...success(request), code: textOf(body.state) ?? textOf(body.id) };
  if (code === undefined) return { ...common, ...apiGatewayLine(request, textOf(body.message), url) };
  const { method, path } = arrival;
  const hint = webhook || isRouted(method, path) ? undefined : routeHint(method, path);
  return { ...common, ...labelled(request, code), code, reason: reasonIn(body), hint };
};

const success = (request: AnsweredRequest): Pick<Line, 'outcome' | 'tone'> => {
  const { arrival, reply } = request;
  if (!isCreate(arrival)) return { outcome: arrival.method === 'GET' ? 'Read' : 'Done', tone: 'plain' };
  return reply.status === 202 ? { outcome: 'Accepted', tone: 'plain' } : labelled(request);
};

const labelled = ({ reply: { status, headers = {} } }: AnsweredRequest, code?: string) => {
  const { label: outcome, tone } = outcomes[outcomeOfAnswer(status, headers, code)];
  return { outcome, tone };
};

/** The message, and the first violation that PingOne's message does not name. */
const reasonIn = ({ message, details }: Readonly<Record<string, unknown>>): string | undefined => {
  const [first]: unknown[] = Array.isArray(details) ? details : [];
  const violation = textOf(membersOf(first).message);
  const own = textOf(message);
  return violation === undefined || own?.includes(violation) ? own : `${own} ${violation}`;
};
