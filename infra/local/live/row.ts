import type { Answer, AttemptLine, LedgerItem, Published, PutEvent, QueuedMessage, Sent, Step } from './fact.ts';

/** One try at a request: an HTTP call, or a delivery of its message. */
export interface Attempt {
  readonly id: string;
  /** The id by which log lines and outcomes name what brought it. */
  readonly arrival: string;
  readonly door: 'HTTP' | 'queue';
  readonly at: number;
  readonly invocation?: string;
  readonly sent?: Sent;
  /** The message's body. */
  readonly body?: string;
  readonly answer?: Answer;
  readonly line?: AttemptLine;
  readonly ended?: number;
  /** Why its function ended without a result. */
  readonly error?: string | undefined;
}

/** One request and everything that is known of it. */
export interface Row {
  readonly id: string;
  /** In the order of their coming, from 1. */
  readonly number: number;
  readonly at: number;
  readonly endpoint: string | undefined;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
  readonly event?: PutEvent;
  readonly published?: Published & { readonly at: number };
  /** The ledger's key and item. */
  readonly request?: string;
  readonly item?: LedgerItem | undefined;
  readonly messages: readonly QueuedMessage[];
}

export const newRow = (id: string, number: number, at: number, endpoint: string | undefined): Row => ({
  id,
  number,
  at,
  endpoint,
  attempts: [],
  steps: [],
  messages: [],
});

/** A row that turns out to be of the request that another row stands for; the older keeps its place. */
export const merged = (own: Row, standing: Row): Row => {
  const [older, younger] = own.number < standing.number ? [own, standing] : [standing, own];
  const { item, request } = standing;
  return {
    ...younger,
    ...older,
    ...(request !== undefined && { request }),
    ...(item !== undefined && { item }),
    attempts: [...older.attempts, ...younger.attempts].toSorted(byTime),
    steps: [...older.steps, ...younger.steps].toSorted(byTime),
    messages: [...older.messages, ...younger.messages],
  };
};

const mostSteps = 300;

export const withStep = (row: Row, step: Step): Row => ({
  ...row,
  steps: [...row.steps, step].toSorted(byTime).slice(-mostSteps),
});

export const withAttempt = (row: Row, attempt: Attempt): Row => ({
  ...row,
  attempts: [...row.attempts, attempt].toSorted(byTime),
});

/** The row after a change to the newest attempt that fits; as it was where none does. */
export const changed = (row: Row, fits: (attempt: Attempt) => boolean, change: Partial<Attempt>): Row => {
  const index = row.attempts.findLastIndex(fits);
  const attempt = row.attempts[index];
  return attempt ? { ...row, attempts: row.attempts.with(index, { ...attempt, ...change }) } : row;
};

const byTime = (one: { readonly at: number }, other: { readonly at: number }): number => one.at - other.at;
