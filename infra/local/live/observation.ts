import type { RecordedRequest } from '../loopback/recorded-request.ts';
import type { AttemptLine } from './attempt-line.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** An event that was put on a bus. */
export interface PutEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  readonly detail: string;
  /** The queue that a rule delivered it to. */
  readonly queue: string | undefined;
  /** The bus's reason to refuse it. */
  readonly error: string | undefined;
}

/** A message in a queue or a dead-letter queue. */
export interface QueuedMessage {
  readonly id: string;
  /** Ids that may already name its row: of its arrival and of its original message. */
  readonly ids: readonly string[];
  readonly endpoint: string;
  readonly isDead: boolean;
  readonly receives: number;
  /** Time of its next possible receive, in milliseconds since the epoch. */
  readonly visibleAt: number;
  /** The reason why it is a dead letter. */
  readonly code: string | undefined;
  readonly body: string;
}

/** One delivery of a message to a function. */
export interface Delivery {
  /** Id of the event or of the accepted request; the message's own id if it is unreadable. */
  readonly arrival: string;
  readonly message: string;
  readonly receives: number;
  readonly body: string;
}

/** An outcome that was published on the bus. */
export interface PublishedOutcome {
  readonly arrival: string;
  readonly type: string;
  /** `created`, `adopted` or `replayed`; undefined for a failure. */
  readonly how: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly detail: string;
}

export type Tone = 'plain' | 'good' | 'open' | 'bad';

/** One entry of a request's timeline. */
export interface Step {
  readonly at: number;
  readonly part: 'gateway' | 'function' | 'ledger' | 'queue' | 'bus' | 'PingOne';
  readonly text: string;
  readonly tone: Tone;
  /** Number of the call to PingOne that the step begins or ends. */
  readonly call?: number;
  /** The request's state during the call: `Sending`; absent once the call has ended. */
  activity?: string | undefined;
}

export type LedgerItem = Readonly<Record<string, unknown>>;

/** What a service has configured, and what PingOne enforces of it. */
export interface Enforcement {
  readonly configured: number;
  readonly enforced: number;
}

/** The actions of the gateway's parts that are observed, by name. */
export interface Observations {
  received: { readonly id: string; readonly request: RecordedRequest; readonly retryOf: string | undefined };
  answered: { readonly id: string; readonly answer: HttpAnswer };
  disconnected: { readonly id: string };
  invoked: { readonly invocation: string; readonly id: string; readonly name: string };
  delivered: { readonly invocation: string; readonly endpoint: string; readonly deliveries: readonly Delivery[] };
  ended: { readonly invocation: string; readonly error: string | undefined };
  /** `causes`: ids of the message and the invocation that the step belongs to, the most precise first. */
  step: { readonly causes: readonly (string | undefined)[]; readonly step: Omit<Step, 'at'> };
  attempt: { readonly invocation: string | undefined; readonly line: AttemptLine };
  put: { readonly event: PutEvent };
  published: { readonly outcome: PublishedOutcome };
  recorded: { readonly endpoint: string; readonly request: string; readonly item: LedgerItem };
  /** The item of a service that is deployed. */
  deployment: {
    readonly endpoint: string;
    readonly service: string;
    readonly item: LedgerItem;
    readonly enforcement: Enforcement | undefined;
  };
  /** Pending deployments that an invocation got, by their requests. */
  pendingDeployments: { readonly invocation: string; readonly requests: readonly string[] };
  queues: { readonly messages: readonly QueuedMessage[] };
  cleared: object;
}

/** One observed action; `at` is in milliseconds since the epoch, and now if it is absent. */
export type Observation<Type extends keyof Observations = keyof Observations> = {
  [Each in Type]: { readonly type: Each; readonly at?: number } & Observations[Each];
}[Type];
