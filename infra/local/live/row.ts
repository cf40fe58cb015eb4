import type { RecordedRequest } from '../loopback/recorded-request.ts';
import type { AttemptLine } from './attempt-line.ts';
import type {
  Enforcement,
  HttpAnswer,
  LedgerItem,
  PublishedOutcome,
  PutEvent,
  QueuedMessage,
  Step,
} from './observation.ts';

/** One try at a request: an HTTP call, or a delivery of its message. */
export interface Attempt {
  readonly id: string;
  /** The id that log lines and outcomes give the event, HTTP request or accepted request. */
  arrival: string;
  readonly door: 'HTTP' | 'queue';
  readonly at: number;
  invocation?: string;
  readonly request?: RecordedRequest;
  /** The message's body. */
  readonly body?: string;
  answer?: HttpAnswer;
  line?: AttemptLine;
  ended?: number;
  /** The error that its function ended with. */
  error?: string | undefined;
}

/** One request with its attempts, its timeline, and its state in the ledger and the queues. */
export interface Row {
  readonly id: string;
  /** Its place in the order of arrival, from 1. */
  readonly number: number;
  at: number;
  endpoint: string | undefined;
  attempts: Attempt[];
  steps: Step[];
  event?: PutEvent;
  published?: PublishedOutcome & { readonly at: number };
  /** The ledger's key and item. */
  request?: string;
  item?: LedgerItem | undefined;
  /** The item of its service, and what PingOne enforces of that. */
  deployment?: { readonly item: LedgerItem; readonly enforcement: Enforcement | undefined };
  messages: readonly QueuedMessage[];
}

const maximumSteps = 300;

/** Adds a step to the timeline in the order of time: a log line may be read late. */
export const addStep = (row: Row, step: Step): void => {
  row.steps = [...row.steps, step].toSorted(byTime).slice(-maximumSteps);
};

export const addAttempt = (row: Row, attempt: Attempt): void => {
  row.attempts = [...row.attempts, attempt].toSorted(byTime);
};

/** Changes the newest attempt that matches, if there is one. */
export const changeAttempt = (row: Row, matches: (attempt: Attempt) => boolean, change: Partial<Attempt>): void => {
  const attempt = row.attempts.findLast(matches);
  if (attempt) Object.assign(attempt, change);
};

/** The request of the newest attempt over HTTP. */
export const newestRequest = ({ attempts }: Row): RecordedRequest | undefined =>
  attempts.findLast(({ request }) => request)?.request;

/** Adds the younger of two rows of one request to the older. `known` is the row that had the ledger's key first. */
export const mergeRows = (older: Row, younger: Row, { request, item }: Row): void => {
  Object.assign(older, {
    ...younger,
    ...older,
    ...(request !== undefined && { request }),
    ...(item !== undefined && { item }),
    attempts: [...older.attempts, ...younger.attempts].toSorted(byTime),
    steps: [...older.steps, ...younger.steps].toSorted(byTime),
    messages: [...older.messages, ...younger.messages],
  });
};

const byTime = (one: { readonly at: number }, other: { readonly at: number }): number => one.at - other.at;
