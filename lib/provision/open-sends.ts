import type { RequestItem } from '../ledger/items.ts';
import type { SendRecord } from '../ledger/ledger.ts';
import type { Timings } from './timings.ts';

/** Sends of a request that may have created a resource, or may still create one. */
export interface OpenSends extends SendRecord {
  /** Bound on the difference between our clock and the clock of these times, in milliseconds; 0 for our own times. */
  readonly skewMs: number;
}

/**
 * What happens to a request's sends:
 * - `sending`: a create leaves now; a crash leaves this state behind
 * - `notSent`: the create never left, or PingOne did not process it (429, 401)
 * - `answered`: PingOne itself reported a failure (its own 500 or 503)
 * - `lost`: any other end without a clear result
 * - `refused`: PingOne refused the create
 * - `absent`: after the grace period the list shows no resource of the sends
 * - `recorded`: the ledger has the resource
 */
export type SendEvent = 'sending' | 'notSent' | 'answered' | 'lost' | 'refused' | 'absent' | 'recorded';

/**
 * The rule that decides whether a create may be sent again: the open sends after an event. `before` is what was open
 * before the event's send, `sentAt` the time of that send. PROTOCOL.md has the table.
 */
export const openAfter = (
  before: OpenSends | undefined,
  event: SendEvent,
  now: number,
  timings: Timings,
  sentAt = now,
): OpenSends | undefined => {
  const open = (endedBy: number, graceMs: number): OpenSends => ({
    firstSent: before?.firstSent ?? sentAt,
    endedBy,
    graceMs,
    skewMs: 0,
  });
  switch (event) {
    case 'sending':
      return open(now + timings.attempt, longerGrace(timings));
    case 'answered':
      return open(now, timings.graceAnswered);
    case 'lost':
      return open(now, longerGrace(timings));
    case 'refused':
      // PingOne may refuse this send because of an earlier send's resource.
      return before && open(now, longerGrace(timings));
    case 'absent':
      return before && now < closedAt(before, timings) ? before : undefined;
    case 'notSent':
      return before;
    case 'recorded':
      return undefined;
  }
};

/** The open sends of a request's item; undefined if no send can have had an effect. */
export const openIn = (item: RequestItem, timings: Timings): OpenSends | undefined => {
  const { firstSent, lastSent, endedBy, timeoutMs = timings.attempt, graceMs, settleMs } = item;
  if (firstSent === undefined || lastSent === undefined) return undefined;
  return {
    firstSent,
    // Version 0.1 counted from the send, and waited 5 s after PingOne's own 500.
    endedBy: endedBy ?? lastSent + timeoutMs,
    graceMs: graceMs ?? Math.max(settleMs ?? longerGrace(timings), timings.graceAnswered),
    skewMs: timings.clockSkew,
  };
};

/** Whether the attempt that sent last died: it recorded no end. */
export const hasDied = ({ lastSent, graceMs, settleMs }: RequestItem): boolean =>
  lastSent !== undefined && graceMs === undefined && settleMs === undefined;

/** When a create may be sent again, if the list shows nothing. */
export const resendAt = ({ endedBy, graceMs, skewMs }: OpenSends): number => endedBy + graceMs + skewMs;

/** When the request may be closed without a resource, if the list shows nothing. */
export const closedAt = ({ endedBy, graceMs, skewMs }: OpenSends, timings: Timings): number =>
  endedBy + Math.max(graceMs, longerGrace(timings)) + skewMs;

/** The wait until a retry can resolve the sends, in milliseconds; the retry may meet another clock. */
export const retryAfterMs = ({ endedBy, graceMs }: OpenSends, now: number, { clockSkew }: Timings): number =>
  Math.max(1_000, endedBy + graceMs + clockSkew - now);

const longerGrace = ({ graceAnswered, graceLost }: Timings): number => Math.max(graceAnswered, graceLost);
