import { unmarshall } from '@aws-sdk/util-dynamodb';
import { eventSources } from '../../../lib/contract.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { matchPath } from '../../../lib/endpoints/path.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { AwsRequest } from '../aws/aws.ts';
import { invocationOf } from '../loopback/invocation-header.ts';
import { isRecord, parseJson, textOf } from '../loopback/json.ts';
import type { Arrival } from '../loopback/loopback.ts';
import type { Outgoing } from '../loopback/outgoing.ts';
import type { Reply } from '../loopback/reply.ts';
import type { Answer, AttemptLine, Delivery, Published, PutEvent, Sent, Tone } from './fact.ts';

/** The header by which the page's retry names the row that it belongs to. */
export const retryHeader = 'x-local-retry-of';

/** Whether an HTTP request asks for a create. */
export const isCreate = ({ method, path }: Pick<Arrival, 'method' | 'path'>): boolean =>
  method === 'POST' && path.startsWith('/v1/');

export const sentBy = ({ method, path, query, headers, body }: Arrival): Sent => {
  const { [retryHeader]: _, ...own } = headers;
  return { method, path: query ? `${path}?${query}` : path, headers: own, body: body.toString() };
};

export const answerOf = ({ status, headers = {}, body }: Reply): Answer => ({
  status,
  headers,
  body: body?.toString() ?? '',
});

/** What a message is known by: the arrival that its body names, else its own id. */
export const arrivalIn = (body: string, message: string): string => {
  const content = parseJson(body);
  if (!isRecord(content)) return message;
  const { arrivalID, id } = content;
  if (typeof arrivalID === 'string' && typeof content.requestID === 'string') return arrivalID;
  return typeof id === 'string' && id !== '' ? id : message;
};

/** The HTTP request that an invocation is for, or the messages. */
export const invokedFor = (event: unknown): { readonly id: string } | { readonly deliveries: readonly Delivery[] } => {
  const { Records, requestContext } = isRecord(event) ? event : {};
  if (!Array.isArray(Records)) return { id: isRecord(requestContext) ? String(requestContext.requestId) : '' };
  const deliveries = Records.filter(isRecord).map(({ messageId, body, attributes }) => ({
    arrival: arrivalIn(String(body), String(messageId)),
    message: String(messageId),
    receives: isRecord(attributes) ? Number(attributes.ApproximateReceiveCount) : 1,
    body: String(body),
  }));
  return { deliveries };
};

/** What a line of a function's log says of an attempt; undefined of any other line. */
export const attemptIn = (
  line: string,
): { readonly at: number; readonly invocation: string | undefined; readonly line: AttemptLine } | undefined => {
  const entry = parseJson(line);
  if (!isRecord(entry) || !isRecord(entry.message) || !isRecord(entry.message.attempt)) return undefined;
  const { attempt } = entry.message;
  return {
    at: Date.parse(String(entry.timestamp)),
    invocation: textOf(entry.requestId),
    line: {
      arrival: String(attempt.arrival),
      request: textOf(attempt.request),
      caller: textOf(attempt.caller),
      grant: textOf(attempt.grant),
      outcome: String(attempt.outcome),
      code: textOf(attempt.code),
      status: typeof attempt.status === 'number' ? attempt.status : undefined,
      sends: Number(attempt.sends),
    },
  };
};

/** The key and item of a request that a write of the ledger answers with. */
export const ledgerWrite = ({ operation, input }: AwsRequest, reply: Reply | 'reset') => {
  if (operation !== 'UpdateItem' || reply === 'reset' || reply.status !== 200 || !isRecord(input)) return undefined;
  const output = parseJson(reply.body?.toString());
  const [endpoint = '', kind, request = ''] = String(valueAt(input, 'Key.pk.S')).split('#');
  if (kind !== 'request' || !isRecord(output)) return undefined;
  return { endpoint, request, item: unmarshall(Object(output.Attributes ?? {})) };
};

export type Put = { readonly event: Omit<PutEvent, 'queue'> } | { readonly outcome: Published };

/** The events and the outcomes that a call of PutEvents put on a bus. */
export const putsIn = ({ input }: AwsRequest, reply: Reply | 'reset'): readonly Put[] => {
  const entries = isRecord(input) && Array.isArray(input.Entries) ? input.Entries : [];
  const output = reply === 'reset' ? undefined : parseJson(reply.body?.toString());
  const results = isRecord(output) && Array.isArray(output.Entries) ? output.Entries : [];
  return entries.flatMap((entry: unknown, index): Put[] => {
    const result: unknown = results[index];
    if (!isRecord(entry) || !isRecord(result)) return [];
    const { Source: source, DetailType: type, Detail: detail, EventBusName: bus = 'default' } = entry;
    const outcome = source === eventSources.outcome ? outcomeIn(String(type), String(detail)) : undefined;
    if (outcome) return [{ outcome }];
    const error = result.ErrorCode === undefined ? undefined : `${result.ErrorCode}: ${result.ErrorMessage}`;
    const id = textOf(result.EventId) ?? crypto.randomUUID();
    const name = String(bus).split('/').at(-1) ?? '';
    return [{ event: { id, bus: name, source: String(source), type: String(type), detail: String(detail), error } }];
  });
};

const outcomeIn = (type: string, detail: string): Published | undefined => {
  const content = parseJson(detail);
  if (!isRecord(content) || typeof content.id !== 'string') return undefined;
  const [arrival = '', kind] = content.id.split(' ');
  if (kind === undefined) return undefined;
  const { how, status, code } = content;
  return { arrival, type, how: textOf(how), status: Number(status), code: textOf(code), detail };
};

type Call = Pick<Arrival, 'method' | 'path' | 'headers'>;

/** What a call of PingOne happened in: of a batch the one message, else the invocation. */
export const callersOf = (call: Call): readonly (string | undefined)[] => [
  call.headers['x-ping-external-transaction-id']?.toString(),
  invocationOf(call),
];

/** What a call asks PingOne for, in words for the state of its request. */
export const askedOf = ({ method, path }: Call): { readonly doing: string; readonly what: string } | undefined => {
  if (path.endsWith('/as/token')) return { doing: 'Getting a token', what: 'the token' };
  for (const endpoint of endpoints) {
    if (matchPath(`/v1${endpoint.path}`, path)) {
      return method === 'POST'
        ? { doing: 'Sending', what: 'the create' }
        : { doing: 'Looking in the list', what: 'the list' };
    }
    if (matchPath(`/v1${endpoint.path}/{id}`, path)) return { doing: 'Reading', what: 'the resource' };
  }
  return undefined;
};

/** How a call of PingOne ended for the function: `outgoing` is undefined where the function gave up before. */
export const endOf = (what: string, outgoing: Outgoing | undefined): { readonly text: string; readonly tone: Tone } => {
  if (outgoing === undefined || typeof outgoing === 'string' || 'stream' in outgoing)
    return { text: `No answer to ${what}`, tone: 'open' };
  if ('rest' in outgoing) return { text: `Half an answer to ${what}, ${outgoing.status}`, tone: 'open' };
  const { status, body } = outgoing;
  const content = parseJson(body?.toString());
  const code = isRecord(content) && typeof content.code === 'string' ? ` ${content.code}` : '';
  const count = isRecord(content) && typeof content.count === 'number' ? `, ${content.count} resources` : '';
  const id = isRecord(content) && typeof content.id === 'string' && status < 300 ? `, resource ${content.id}` : '';
  return { text: `Answered ${what} with ${status}${code}${id}${count}`, tone: status < 300 ? 'good' : 'bad' };
};
