import type { Rejection, RequestItem } from './items.ts';

/** What a request brings to its item. */
export type Arrival = Pick<
  RequestItem,
  'caller' | 'fingerprint' | 'name' | 'parameters' | 'arrivalID' | 'key' | 'settledBy'
>;

/** One attempt's right to a request, until its lease ends. */
export interface Claim {
  readonly id: string;
  /** A token that no other attempt has. */
  readonly owner: string;
  readonly lease: number;
}

/** Sends of a request that may have had an effect; times in milliseconds since the epoch. */
export interface SendRecord {
  /** When the first of them left. */
  readonly firstSent: number;
  /** Latest moment at which the last of them can have ended. */
  readonly endedBy: number;
  /** Grace period: how long after `endedBy` PingOne may still list what they made. */
  readonly graceMs: number;
}

export type Claimed =
  | { readonly mine: true; readonly item: RequestItem }
  /** `final`: the rejection that this arrival got before as its final answer. */
  | { readonly mine: false; readonly item: RequestItem; readonly final: Rejection | undefined };

/** Resource id -> request id, of what was made under a name. */
export type Taken = ReadonlyMap<string, string>;

/** A name: which request may have a send open, by which of its attempts, and what was made under it. */
export interface NameRecord {
  readonly holder: string | undefined;
  readonly by: string | undefined;
  readonly taken: Taken;
  /** Request id -> when it was settled, of the requests without a key. */
  readonly keyless: ReadonlyMap<string, number>;
}

/**
 * The ledger of one endpoint: who works at which request, what became of it, and which request holds a name. Every
 * change is one conditional write; nothing needs a transaction. A write whose answer was lost may be repeated, and may
 * be applied late: PROTOCOL.md says why that changes nothing. All calls throw LedgerUnavailable.
 */
export interface Ledger {
  read(id: string): Promise<RequestItem | undefined>;
  /** Makes this attempt the request's owner, or says in what state the request is instead. */
  claim(claim: Claim, arrival: Arrival, now: number): Promise<Claimed>;
  /** Records that a request waits in the queue, where it is new or was rejected; says in what state it is. */
  accept(id: string, arrival: Arrival, now: number): Promise<RequestItem>;
  readName(name: string): Promise<NameRecord>;
  /** Makes the claim's request the holder of a name that is free, or held by the attempt `instead`; says who holds it. */
  hold(name: string, claim: Claim, instead?: string): Promise<NameRecord>;
  /** Records that a create is about to leave; false when this attempt no longer owns the request. */
  renew(claim: Claim, sends: SendRecord, now: number): Promise<boolean>;
  /**
   * Gives the resource to the claim's request, and ends the hold of the claim's own attempt; says what is taken then,
   * or undefined when the resource is another request's. `keylessAt`: when a request without a key is settled.
   */
  take(
    name: string,
    claim: Pick<Claim, 'id' | 'owner'>,
    resource: string,
    keylessAt?: number,
  ): Promise<Taken | undefined>;
  /** Ends the hold of the claim's own attempt. */
  release(name: string, claim: Pick<Claim, 'owner'>): Promise<void>;
  /** Closes the request with its resource; false when it has another, or while another attempt works at it. */
  created(claim: Pick<Claim, 'id' | 'owner'>, resource: string, now: number): Promise<boolean>;
  /** Closes the request without a resource, as long as this attempt owns it; `finalFor` is the arrival that it is final for. */
  rejected(claim: Pick<Claim, 'id' | 'owner'>, rejection: Rejection, now: number, finalFor?: string): Promise<boolean>;
  /** The rejection that an arrival got as its final answer. */
  finalAnswer(id: string, arrivalID: string): Promise<Rejection | undefined>;
  /**
   * Keeps the final answer to an arrival that may be redelivered, while the request is one with another body; false where
   * it is not, or the arrival has a final answer.
   */
  answerFinally(
    id: string,
    arrival: Pick<Arrival, 'arrivalID' | 'fingerprint'>,
    rejection: Rejection,
  ): Promise<boolean>;
  /** Leaves the request open for a later attempt, as long as this attempt owns it. */
  unknown(claim: Pick<Claim, 'id' | 'owner'>, sends: SendRecord, now: number): Promise<boolean>;
}

/** The ledger for one attempt: its calls end by the deadline, in milliseconds since the epoch. */
export type LedgerBy = (deadline: number) => Ledger;
