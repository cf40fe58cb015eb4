import type { RequestItem } from './items.ts';

/** What a request brings to its item. */
export type Arrival = Pick<
  RequestItem,
  'caller' | 'fingerprint' | 'name' | 'parameters' | 'arrivalID' | 'key' | 'settledBy'
>;

/** Why a request was rejected. */
export type Rejection = Required<Pick<RequestItem, 'problem' | 'status' | 'codes'>> & Pick<RequestItem, 'finalFor'>;

/** A request that this attempt owns until its lease ends. */
export interface Claim {
  readonly id: string;
  readonly owner: string;
  readonly lease: number;
  /** Whether a request that was accepted for the queue is this attempt's to go on with. */
  readonly fromQueue?: boolean;
}

export type Taken = ReadonlyMap<string, string>;

/**
 * The ledger of one endpoint: who is at which request, what became of it, and whose turn a name is. Every change is one
 * conditional write; nothing needs a transaction. All calls throw LedgerUnavailable.
 */
export interface Ledger {
  read(id: string): Promise<RequestItem | undefined>;
  /** Makes this attempt the request's owner, or says in what state it stands instead. */
  claim(claim: Claim, arrival: Arrival, now: number): Promise<{ readonly mine: boolean; readonly item: RequestItem }>;
  /** Notes that a request waits in the queue, where it is new; says in what state it stands. */
  accept(id: string, arrival: Arrival, now: number): Promise<RequestItem>;
  /** Makes the request its name's holder, where nobody is or `instead` is; says who holds it. */
  hold(
    name: string,
    id: string,
    instead?: string,
  ): Promise<{ readonly holder: string | undefined; readonly taken: Taken }>;
  /** Notes that a create is about to leave; false when this attempt no longer owns the request. */
  renew(claim: Claim, now: number): Promise<boolean>;
  /** Gives the resource to the request, whose turn ends; false when it is another request's. */
  take(name: string, id: string, resource: string): Promise<boolean>;
  /** Ends the request's turn with its name. */
  release(name: string, id: string): Promise<void>;
  /** Closes the request with its resource; false when it already has another. */
  created(id: string, resource: string, now: number): Promise<boolean>;
  /** Closes the request without a resource, as long as this attempt owns it. */
  rejected(claim: Claim, rejection: Rejection, now: number): Promise<boolean>;
  /** Leaves the request open for a later attempt, as long as this attempt owns it. */
  unknown(claim: Claim, settleMs: number, now: number): Promise<boolean>;
}
