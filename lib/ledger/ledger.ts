import type { Rejection, RequestItem } from './items.ts';
import type { Names, RequestOwner } from './names.ts';

/** The members of an item that an arrival sets. */
export type Arrival = Pick<
  RequestItem,
  'caller' | 'fingerprint' | 'name' | 'parameters' | 'arrivalID' | 'key' | 'settledBy' | 'keepUntil' | 'deploys'
>;

/** One attempt's right to a request, until its lease ends. */
export interface Claim extends RequestOwner {
  readonly lease: number;
}

/** Sends of a request that may have had an effect; times in milliseconds since the epoch. */
export interface SendRecord {
  /** When the first of them left. */
  readonly firstSent: number;
  /** Latest end of the last of them. */
  readonly endedBy: number;
  /** Grace period: how long after `endedBy` PingOne may still list their resource. */
  readonly graceMs: number;
}

export type Claimed =
  /** `isSendRecorded`: the item has the claim's own send, and no earlier send is open. */
  | { readonly isOwner: true; readonly item: RequestItem; readonly isSendRecorded: boolean }
  /** `final`: this arrival's final answer, if it was rejected before. */
  | { readonly isOwner: false; readonly item: RequestItem; readonly final: Rejection | undefined };

/**
 * The ledger of one endpoint: the owner and state of each request, and the holder of each name. Every change is one
 * conditional write, without a transaction. A write whose answer was lost may be repeated or applied late; PROTOCOL.md
 * explains why that changes nothing.
 * @throws LedgerUnavailable from every call
 */
export interface Ledger extends Names {
  read(id: string): Promise<RequestItem | undefined>;
  /**
   * Makes this attempt the request's owner, or returns the request's current item. With `timeoutMs` it also records that a
   * create with that time-out is about to leave, unless an earlier send is open.
   */
  claim(claim: Claim, arrival: Arrival, now: number, timeoutMs?: number): Promise<Claimed>;
  /** Records that a new request waits in the queue, or a rejected one of another arrival; returns its item. */
  accept(id: string, arrival: Arrival, now: number): Promise<RequestItem>;
  /** Records a new request as rejected; the rejection is its arrival's final answer. */
  deny(id: string, arrival: Arrival, rejection: Rejection, now: number): Promise<void>;
  /** Records that a create is about to leave; false if this attempt no longer owns the request. */
  renew(claim: Claim, sends: SendRecord, now: number): Promise<boolean>;
  /**
   * Closes the request with its resource if this attempt owns it, whether or not the name item has the resource.
   * `deploymentNumber`: the number of its pending deployment.
   */
  close(claim: RequestOwner, resource: string, now: number, deploymentNumber?: number): Promise<boolean>;
  /** Closes the request with an assigned resource; false if it has another resource, or another attempt owns it. */
  created(claim: RequestOwner, resource: string, now: number, deploymentNumber?: number): Promise<boolean>;
  /** Closes the request without a resource if this attempt owns it. `finalFor`: the arrival whose final answer this is. */
  rejected(claim: RequestOwner, rejection: Rejection, now: number, finalFor?: string): Promise<boolean>;
  /** Returns an arrival's final answer, if it was rejected. */
  finalAnswer(id: string, arrivalID: string): Promise<Rejection | undefined>;
  /**
   * Records the final answer to an arrival that may be redelivered, if the request has another body; false if it has the
   * same body, or the arrival already has a final answer.
   */
  answerFinally(
    id: string,
    arrival: Pick<Arrival, 'arrivalID' | 'fingerprint'>,
    rejection: Rejection,
  ): Promise<boolean>;
  /** Leaves the request open for a later attempt if this attempt owns it. */
  unknown(claim: RequestOwner, sends: SendRecord, now: number): Promise<boolean>;
  /** Undoes `close`: the resource is another request's. */
  reopen(claim: RequestOwner, resource: string, sends: SendRecord, now: number): Promise<boolean>;
}

/** A ledger whose calls end by the deadline, in milliseconds since the epoch. */
export type LedgerBy = (deadline: number) => Ledger;
