import type { Clock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { fingerprintOf, nameIDOf } from '../identity.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { Arrival, Claim, Ledger } from '../ledger/ledger.ts';
import type { Log } from '../logger.ts';
import type { PingOne } from '../pingone/client.ts';
import type { CreateRequest } from '../pingone/request.ts';
import type { ProvisionRequest } from './provision.ts';
import type { Tally } from './report.ts';
import type { Timings } from './timings.ts';

export interface Parts {
  readonly pingOne: PingOne;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly timings: Timings;
  /** From 0 to 1, for the backoff's jitter. */
  readonly random: () => number;
  /** A token that nobody else has. */
  readonly newOwner: () => string;
  readonly log: Log;
}

/** One attempt at one request of the ledger. */
export interface Attempt extends Parts {
  readonly request: CreateRequest;
  /** When an answer is due, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly claim: Claim;
  readonly arrival: Arrival;
  /** Whether the caller gave no key of its own. */
  readonly keyless: boolean;
  /** The key that finds this request again. */
  readonly retryKey: string | undefined;
  /** Why nothing may be sent any more. */
  readonly denied: Problem | undefined;
  readonly tally: Tally;
  /** The sends that may have had an effect, as far as this attempt knows. */
  open: OpenSends | undefined;
  /** PingOne's id of its last answer to a create. */
  correlationID: string | undefined;
}

/** A first attempt at what a request asks for. */
export const attemptAt = (parts: Parts, request: ProvisionRequest, deadline: number, tally: Tally): Attempt => {
  const { endpoint, parameters, body, caller, arrivalID, keyless, key, requestID, fromQueue = false, denied } = request;
  return {
    ...parts,
    request,
    deadline,
    claim: { ...newClaim(requestID, deadline, parts), fromQueue },
    arrival: {
      caller,
      fingerprint: fingerprintOf(body),
      name: nameIDOf(endpoint, parameters, body),
      parameters,
      arrivalID,
      key: keyless ? key : undefined,
    },
    keyless,
    retryKey: key,
    denied,
    tally,
    open: undefined,
    correlationID: undefined,
  };
};

/** Sends of a request that may have had an effect; times in milliseconds since the epoch. */
export interface OpenSends {
  readonly firstSent: number;
  readonly lastSent: number;
  /** How long after the last one PingOne may still complete it, in milliseconds. */
  readonly settleMs: number;
}

/** What a request's item says of its sends; nothing where none can have had an effect. */
export const openSendsOf = (item: RequestItem, { settleLost }: Timings): OpenSends | undefined =>
  item.firstSent === undefined || item.lastSent === undefined
    ? undefined
    : { firstSent: item.firstSent, lastSent: item.lastSent, settleMs: item.settleMs ?? settleLost };

/** A request of the ledger, owned for as long as this attempt can last. */
export const newClaim = (id: string, deadline: number, { clock, timings, newOwner }: Parts): Claim => ({
  id,
  owner: newOwner(),
  lease: Math.max(deadline, clock.now() + timings.attempt) + timings.leaseMargin,
});

/** The wait before a further try, with full jitter, in milliseconds. */
export const backoffMs = (tries: number, { random, timings: { backoff } }: Parts): number =>
  random() * Math.min(backoff.longest, backoff.first * 2 ** tries);

export const inProgress = (detail: string, retryAfterMs: number): Problem =>
  new Problem('REQUEST_IN_PROGRESS', detail, { retryAfterMs: Math.max(1, retryAfterMs) });
