/** How far a request can come, in order. */
export const stages = ['received', 'checked', 'granted', 'sent', 'settled'] as const;

export type Stage = (typeof stages)[number];

/** What is known of a request as a whole. */
export type State =
  | 'working'
  | 'accepted'
  | 'unknown'
  | 'created'
  | 'adopted'
  | 'replayed'
  | 'rejected'
  | 'refused'
  | 'failed';

/** What the ledger holds of a request, for a person to read: times in milliseconds since the epoch. */
export type LedgerRecord = Readonly<Record<string, string | number | readonly string[]>>;

/** What a step tells of its request as a whole. */
export interface Facts {
  /** The name of the endpoint. */
  readonly endpoint?: string | undefined;
  readonly door?: 'HTTP' | 'event bus';
  /** The id that the front gave it, which its caller got too. */
  readonly gatewayID?: string;
  /** The ledger's key. */
  readonly requestID?: string;
  readonly state?: State | undefined;
  /** The state where the ledger knows nothing of the request. */
  readonly stateElse?: State | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly resource?: string | undefined;
  readonly grant?: string | undefined;
  readonly record?: LedgerRecord | undefined;
}

/** One thing that happened to a request. It holds ids, states, codes and names of members: no body, token or secret. */
export interface Step {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Who did it. */
  readonly part: 'gateway' | 'function' | 'ledger' | 'queue' | 'bus' | 'secrets' | 'PingOne';
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'open' | 'bad';
  /** How far the request has come by it. */
  readonly stage?: Stage | undefined;
  /** Whether an attempt at the request begins here. */
  readonly begins?: true;
  /** Seen only after the delivery that it led to. */
  readonly leadsToDelivery?: true;
  readonly facts?: Facts | undefined;
}

/** A step that was seen, and what tells whose it is. */
export interface Sighting {
  readonly step: Omit<Step, 'at'>;
  /** Ids of the one request that it belongs to; those that were thought to be two become one. */
  readonly ids: readonly string[];
  /** Where no id is known: what it happened in, if that is known. */
  readonly within?: readonly (string | undefined)[];
  /** Whether it may be the first that is seen of a request. */
  readonly opens?: true;
}
