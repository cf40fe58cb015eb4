import type { EndpointQueues } from '../gateway/endpoint-queues.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import type { Sent } from './fact.ts';
import { isRunning, outcomeOf } from './outcome.ts';
import type { Attempt, Row } from './row.ts';
import { retryHeader } from './watch.ts';

/** How a person can try a request again. */
export interface Again {
  readonly label: string;
  /** From when on it may help, in milliseconds since the epoch. */
  readonly helpsAt: number | undefined;
}

type Way =
  | { readonly how: 'send'; readonly sent: Sent; readonly key: string | undefined }
  | { readonly how: 'deliver' | 'redrive'; readonly endpoint: string; readonly message: string }
  | {
      readonly how: 'put';
      readonly bus: string;
      readonly source: string;
      readonly type: string;
      readonly detail: string;
    };

const labels = { send: 'Retry', deliver: 'Deliver now', redrive: 'Redrive', put: 'Put again' };

export const againOf = (row: Row): Again | undefined => {
  const way = wayOf(row);
  if (way === undefined) return undefined;
  const label = way.how === 'send' && way.key === undefined ? 'Send again' : labels[way.how];
  return { label, helpsAt: helpsAt(row) };
};

/** A message that is there is delivered: an event that is put again is a new one. */
const wayOf = ({ attempts, event, messages, published }: Row): Way | undefined => {
  const isBusy = attempts.some(({ door, ended }) => door === 'queue' && ended === undefined);
  const [message] = messages.toSorted((one, other) => Number(one.isDead) - Number(other.isDead));
  // A message whose outcome is published is about to be deleted.
  const isDone = published && !message?.isDead && published.at >= (attempts.at(-1)?.at ?? 0);
  if (message && !isBusy && !isDone) {
    return { how: message.isDead ? 'redrive' : 'deliver', endpoint: message.endpoint, message: message.id };
  }
  const call = attempts.findLast(({ sent }) => sent);
  if (call?.sent) return { how: 'send', sent: call.sent, key: keyOf(call) };
  return event && !attempts.some(isRunning) ? { ...event, how: 'put' } : undefined;
};

/** The caller's key, else the one that the gateway chose and told. */
const keyOf = ({ sent, answer }: Attempt): string | undefined => {
  const own = sent?.headers['idempotency-key'];
  if (typeof own === 'string') return own;
  const told = parseJson(answer?.body);
  return isRecord(told) && typeof told.idempotencyKey === 'string' ? told.idempotencyKey : undefined;
};

const helpsAt = (row: Row): number | undefined => {
  const newest = row.attempts.at(-1);
  const after = newest?.answer?.headers['retry-after'];
  if (outcomeOf(row).group === 'created' || newest?.ended === undefined || after === undefined) return undefined;
  return newest.ended + Number(after) * 1000;
};

export interface RetryParts {
  /** Where the front listens. */
  readonly frontUrl: string;
  readonly awsEndpoint: string;
  readonly queues: ReadonlyMap<string, EndpointQueues>;
}

/** Tries a request again; false where there is nothing to try. The journal sees what comes of it. */
export const retry = async (row: Row, { frontUrl, awsEndpoint, queues }: RetryParts): Promise<boolean> => {
  const way = wayOf(row);
  if (way === undefined) return false;
  if (way.how === 'send') {
    const { method, path, headers, body } = way.sent;
    // A request without a key is a new one each time.
    const own = way.key === undefined ? {} : { 'idempotency-key': way.key, [retryHeader]: row.id };
    await fetch(frontUrl + path, { method, headers: { ...sendable(headers), ...own }, body });
    return true;
  }
  if (way.how === 'put') {
    const { bus: EventBusName, source: Source, type: DetailType, detail: Detail } = way;
    const headers = { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' };
    const body = JSON.stringify({ Entries: [{ EventBusName, Source, DetailType, Detail }] });
    return (await fetch(awsEndpoint, { method: 'POST', headers, body })).ok;
  }
  const own = queues.get(way.endpoint);
  const from = way.how === 'redrive' ? own?.deadLetters : own?.queue;
  const message = from?.messages().find(({ id }) => id === way.message);
  if (!own || !from || !message) return false;
  from.remove(message);
  own.queue.accept({
    ...message,
    visibleAt: Date.now(),
    receiveCount: way.how === 'redrive' ? 0 : message.receiveCount,
  });
  return true;
};

const ofConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect']);

const sendable = (headers: Sent['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofConnection.has(name) ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
