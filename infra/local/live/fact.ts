/** An HTTP request or answer as it was. The page gets it masked. */
export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Answer {
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
  /** Why the bus refused it. */
  readonly error: string | undefined;
}

/** A message of a queue or a dead-letter queue, as it stands. */
export interface QueuedMessage {
  readonly id: string;
  /** What it may be known by: arrival, original message, its own id. */
  readonly ids: readonly string[];
  readonly endpoint: string;
  readonly isDead: boolean;
  readonly receives: number;
  /** When it can be received again, in milliseconds since the epoch. */
  readonly visibleAt: number;
  /** Why it is a dead letter. */
  readonly code: string | undefined;
  readonly body: string;
}

/** One delivery of a message to a function. */
export interface Delivery {
  /** Id of the event or of the accepted request; of an unreadable message its own. */
  readonly arrival: string;
  readonly message: string;
  readonly receives: number;
  readonly body: string;
}

/** The line that a function logs about an attempt (runbook, "Evidence"). */
export interface AttemptLine {
  readonly arrival: string;
  readonly request: string | undefined;
  readonly caller: string | undefined;
  readonly grant: string | undefined;
  readonly outcome: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly sends: number;
}

/** An outcome that was published on the bus. */
export interface Published {
  readonly arrival: string;
  readonly type: string;
  /** `created`, `adopted` or `replayed`; undefined of a failure. */
  readonly how: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly detail: string;
}

export type Tone = 'plain' | 'good' | 'open' | 'bad';

/** One thing that happened to a request. */
export interface Step {
  readonly at: number;
  readonly part: 'gateway' | 'function' | 'ledger' | 'queue' | 'bus' | 'PingOne';
  readonly text: string;
  readonly tone: Tone;
  /** Of a call that takes time. */
  readonly call?: number;
  /** What such a call does; absent once it has ended. */
  readonly doing?: string | undefined;
}

export type LedgerItem = Readonly<Record<string, unknown>>;

/** Something that a part of the gateway did, at a time in milliseconds since the epoch. */
export type Fact = { readonly at: number } & (
  | { readonly type: 'received'; readonly id: string; readonly sent: Sent; readonly retryOf: string | undefined }
  | { readonly type: 'answered'; readonly id: string; readonly answer: Answer }
  | { readonly type: 'left'; readonly id: string }
  | { readonly type: 'invoked'; readonly invocation: string; readonly id: string; readonly name: string }
  | {
      readonly type: 'delivered';
      readonly invocation: string;
      readonly endpoint: string;
      readonly deliveries: readonly Delivery[];
    }
  | { readonly type: 'ended'; readonly invocation: string; readonly error: string | undefined }
  /** `within`: ids of what it happened in, the most precise first. */
  | { readonly type: 'step'; readonly within: readonly (string | undefined)[]; readonly step: Omit<Step, 'at'> }
  | { readonly type: 'attempt'; readonly invocation: string | undefined; readonly line: AttemptLine }
  | { readonly type: 'put'; readonly event: PutEvent }
  | { readonly type: 'published'; readonly outcome: Published }
  | { readonly type: 'ledger'; readonly endpoint: string; readonly request: string; readonly item: LedgerItem }
  | { readonly type: 'queues'; readonly messages: readonly QueuedMessage[] }
  | { readonly type: 'cleared' }
);
