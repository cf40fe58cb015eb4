import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import { hopByHopHeaders } from '../loopback/hop-by-hop.ts';
import { membersOf, parseJson, textOf } from '../loopback/json.ts';
import type { RecordedRequest } from '../loopback/recorded-request.ts';
import { retryHeader } from './http-request.ts';
import type { PutEvent } from './observation.ts';
import { isPublished, isRunning, outcomeOf } from './outcome.ts';
import type { Attempt, Row } from './row.ts';

type RetryAction =
  | { readonly kind: 'send'; readonly request: RecordedRequest; readonly key: string | undefined }
  | { readonly kind: 'deliver' | 'redrive'; readonly endpoint: string; readonly message: string }
  | { readonly kind: 'put'; readonly event: PutEvent };

const labels = { send: 'Retry', deliver: 'Deliver now', redrive: 'Redrive', put: 'Put again' };

/** The retry that the page offers; `usefulAt` is the end of the answer's `Retry-After`, in milliseconds since the epoch. */
export const retryOption = (
  row: Row,
): { readonly label: string; readonly usefulAt: number | undefined } | undefined => {
  const action = retryActionOf(row);
  if (action === undefined) return undefined;
  const label = action.kind === 'send' && action.key === undefined ? 'Send again' : labels[action.kind];
  return { label, usefulAt: usefulAt(row) };
};

/** Prefers to deliver a queued message: an event that is put again is a new one. */
const retryActionOf = (row: Row): RetryAction | undefined => {
  const { attempts, event, messages } = row;
  const isDelivered = attempts.some((attempt) => attempt.door === 'queue' && isRunning(attempt));
  const message = messages.find(({ isDead }) => !isDead) ?? messages[0];
  const isDone = !message?.isDead && isPublished(row);
  if (message && !isDelivered && !isDone) {
    return { kind: message.isDead ? 'redrive' : 'deliver', endpoint: message.endpoint, message: message.id };
  }
  const call = attempts.findLast(({ request }) => request);
  if (call?.request) return { kind: 'send', request: call.request, key: keyOf(call) };
  return event && !attempts.some(isRunning) ? { kind: 'put', event } : undefined;
};

/** The caller's key, else the gateway's own key in its answer. */
const keyOf = ({ request, answer }: Attempt): string | undefined =>
  textOf(request?.headers['idempotency-key']) ?? textOf(membersOf(parseJson(answer?.body)).idempotencyKey);

const usefulAt = (row: Row): number | undefined => {
  const { ended, answer } = row.attempts.at(-1) ?? {};
  const seconds = answer?.headers['retry-after'];
  if (outcomeOf(row).group === 'created' || ended === undefined || seconds === undefined) return undefined;
  return ended + Number(seconds) * 1000;
};

export interface RetryTargets {
  readonly apiPath: string;
  readonly awsEndpoint: string;
  /** By the endpoint's name. */
  readonly queues: ReadonlyMap<string, EndpointQueues>;
}

/** Retries a request; false if there is nothing to retry. */
export const retry = async (row: Row, { apiPath, awsEndpoint, queues }: RetryTargets): Promise<boolean> => {
  const action = retryActionOf(row);
  if (action === undefined) return false;
  if (action.kind === 'send') return send(apiPath, action.request, action.key, row.id);
  if (action.kind === 'put') return put(awsEndpoint, action.event);
  return redeliver(queues.get(action.endpoint), action.message, action.kind === 'redrive');
};

const send = async (
  apiPath: string,
  { method, path, headers, body }: RecordedRequest,
  key: string | undefined,
  rowID: string,
): Promise<true> => {
  const endToEnd = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || notResent.has(name) ? [] : [[name, [value].flat().join(', ')]],
  );
  // Each request without a key is a new one.
  const retryHeaders = key === undefined ? {} : { 'idempotency-key': key, [retryHeader]: rowID };
  await fetch(new URL(path, apiPath), { method, headers: { ...Object.fromEntries(endToEnd), ...retryHeaders }, body });
  return true;
};

/** Headers that `fetch` sets itself. */
const notResent = new Set([...hopByHopHeaders, 'host', 'expect']);

const put = async (awsEndpoint: string, { bus, source, type, detail }: PutEvent): Promise<boolean> => {
  const entry = { EventBusName: bus, Source: source, DetailType: type, Detail: detail };
  const headers = { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' };
  return (await fetch(awsEndpoint, { method: 'POST', headers, body: JSON.stringify({ Entries: [entry] }) })).ok;
};

const redeliver = (queues: EndpointQueues | undefined, id: string, isRedrive: boolean): boolean => {
  const from = isRedrive ? queues?.deadLetters : queues?.queue;
  const message = from?.messages().find((each) => each.id === id);
  if (!queues || !from || !message) return false;
  from.remove(message);
  queues.queue.accept({ ...message, visibleAt: Date.now(), receiveCount: isRedrive ? 0 : message.receiveCount });
  return true;
};
