import type { AddPendingDeployment } from '../deploy/pending-deployment.ts';
import type { Arrival, Claim, Claimed, Ledger, LedgerBy } from '../ledger/ledger.ts';
import type { PingOne } from '../pingone/client.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/logger.ts';
import type { Tally } from './attempt-line.ts';
import { fingerprintOf, nameIDsOf } from './identity.ts';
import { hasDied, type OpenSends, openAfter, openIn, type SendEvent } from './open-sends.ts';
import type { ProvisionRequest } from './request.ts';
import type { Timings } from './timings.ts';

export interface Parts {
  readonly pingOne: PingOne;
  readonly ledger: LedgerBy;
  readonly clock: Clock;
  readonly timings: Timings;
  /** A number from 0 to 1 for the backoff's jitter. */
  readonly random: () => number;
  /** Returns a token that is unique to an attempt. */
  readonly newOwner: () => string;
  readonly log: Log;
  /** Present if the endpoint needs deployments. */
  readonly addPending?: AddPendingDeployment | undefined;
}

/** One try at one request of the ledger. */
export interface Attempt extends Omit<Parts, 'ledger'> {
  readonly ledger: Ledger;
  readonly request: ProvisionRequest;
  /** The end of the last call to PingOne, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly claim: Claim;
  readonly arrival: Arrival;
  /** The name item's key in version 0.1. */
  readonly previousName: string;
  /** Whether the caller gave no key of its own. */
  readonly keyless: boolean;
  /** The key that finds this request again. */
  readonly retryKey: string | undefined;
  readonly tally: Tally;
  /** Sends that may have had an effect, as far as this attempt knows. Only `begin` and `note` assign it. */
  open: OpenSends | undefined;
  /** When the ledger was told that the next create leaves, in milliseconds since the epoch. */
  sendRecordedAt: number;
  /** Whether the caller of the claimed request gave no key of its own. */
  isKeylessRequest: boolean;
  /** Whether the claimed request's resource is deployed after its create. */
  isDeployed: boolean;
  /** When the claimed request first came, in milliseconds since the epoch. */
  requestedAt: number;
  /** `Correlation-Id` of PingOne's last answer to a create. */
  correlationID: string | undefined;
}

/** Starts an attempt at a request. */
export const attemptAt = (parts: Parts, request: ProvisionRequest, deadline: number, tally: Tally): Attempt => {
  const { endpoint, parameters, body, caller, arrivalID, keyless, key, requestID, deploysAfter } = request;
  const { name, previousName } = nameIDsOf(endpoint, parameters, body);
  return {
    ...parts,
    ledger: parts.ledger(deadline + parts.timings.closing),
    request,
    deadline,
    claim: newClaim(requestID, deadline, parts),
    arrival: {
      caller,
      fingerprint: fingerprintOf(body),
      name,
      parameters,
      arrivalID,
      key: keyless ? key : undefined,
      deploys: deploysAfter || undefined,
    },
    previousName,
    keyless,
    retryKey: key,
    tally,
    open: undefined,
    sendRecordedAt: Number.NEGATIVE_INFINITY,
    isKeylessRequest: keyless,
    isDeployed: deploysAfter === true,
    requestedAt: parts.clock.now(),
    correlationID: undefined,
  };
};

/** Takes over a claimed request, with the sends that are open. */
export const begin = (
  attempt: Attempt,
  { item, isSendRecorded }: Claimed & { readonly isOwner: true },
  claimedAt: number,
): void => {
  attempt.isKeylessRequest = item.key !== undefined;
  attempt.requestedAt = item.createdAt;
  attempt.isDeployed = item.deploys === true;
  if (isSendRecorded) {
    attempt.sendRecordedAt = claimedAt;
    return;
  }
  attempt.open = openIn(item, attempt.timings);
  attempt.tally.tookOver = hasDied(item);
};

/** Applies an event to the open sends; `before` is what was open before the send of the event. */
export const note = (attempt: Attempt, event: SendEvent, before: OpenSends | undefined): void => {
  const { open, clock, timings } = attempt;
  attempt.open = openAfter(before, event, clock.now(), timings, open?.firstSent);
};

/** A claim on a request, with a lease that outlives every send until the deadline. */
export const newClaim = (
  id: string,
  deadline: number,
  { clock, timings, newOwner }: Pick<Parts, 'clock' | 'timings' | 'newOwner'>,
): Claim => ({
  id,
  owner: newOwner(),
  lease: Math.max(deadline, clock.now() + timings.attempt) + timings.leaseMargin,
});

/** The wait before a retry, with full jitter, in milliseconds; at least `askedMs`. */
export const backoffMs = (
  tries: number,
  { random, timings: { backoff } }: Pick<Parts, 'random' | 'timings'>,
  askedMs = 0,
): number => Math.max(askedMs, random() * Math.min(backoff.longest, backoff.first * 2 ** tries));

export const inProgress = (message: string, retryAfterMs: number, cause?: unknown): Problem =>
  new Problem('REQUEST_IN_PROGRESS', message, { retryAfterMs: Math.max(1_000, retryAfterMs), cause });

export const claimLost = (): Problem => inProgress('Another attempt took over this request; retry later.', 1_000);
