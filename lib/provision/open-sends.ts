import type { RequestItem } from '../ledger/items.ts';
import type { SendRecord } from '../ledger/ledger.ts';
import type { Timings } from './timings.ts';

/** Sends of a request that may have made a resource, or may still make one. */
export interface OpenSends extends SendRecord {
  /** How far the clock that these times are from may be from ours, in milliseconds; 0 where it is ours. */
  readonly skewMs: number;
}

/**
 * What can happen to a request's sends:
 * - `sending`: a create leaves now; what a crash leaves behind
 * - `notSent`: it never left, or PingOne did not process it (429, 401)
 * - `answered`: PingOne itself said that it failed (its own 500 or 503)
 * - `lost`: any other end that says neither yes nor no
 * - `refused`: PingOne refused it
 * - `absent`: after the grace period the list shows nothing that they made
 * - `recorded`: the ledger has the resource
 */
export type SendEvent = 'sending' | 'notSent' | 'answered' | 'lost' | 'refused' | 'absent' | 'recorded';

/**
 * The rule that decides whether a create may be sent again: what is open after an event. `before` is what was open
 * before the send that the event is about, `sentAt` when that one left. PROTOCOL.md has it as a table.
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
      // It may be an earlier send's own resource that PingOne refuses this one for.
      return before && open(now, longerGrace(timings));
    case 'absent':
      return before && now < closedAt(before, timings) ? before : undefined;
    case 'notSent':
      return before;
    case 'recorded':
      return undefined;
  }
};

/** What a request's item says of its sends; undefined where none can have had an effect. */
export const openIn = (item: RequestItem, timings: Timings): OpenSends | undefined => {
  const { firstSent, lastSent, endedBy, graceMs, settleMs } = item;
  if (firstSent === undefined || lastSent === undefined) return undefined;
  return {
    firstSent,
    // Version 0.1 counted from the send, and waited 5 s after PingOne's own 500.
    endedBy: endedBy ?? lastSent + timings.attempt,
    graceMs: graceMs ?? Math.max(settleMs ?? longerGrace(timings), timings.graceAnswered),
    skewMs: timings.clockSkew,
  };
};

/** Whether the attempt that sent last ended without a word: it died. */
export const hasDied = ({ lastSent, graceMs, settleMs }: RequestItem): boolean =>
  lastSent !== undefined && graceMs === undefined && settleMs === undefined;

/** From when on a create may be sent again, if the list shows nothing. */
export const resendAt = ({ endedBy, graceMs, skewMs }: OpenSends): number => endedBy + graceMs + skewMs;

/** From when on the request can be closed without a resource, if the list shows nothing. */
export const closedAt = ({ endedBy, graceMs, skewMs }: OpenSends, timings: Timings): number =>
  endedBy + Math.max(graceMs, longerGrace(timings)) + skewMs;

/** How long a caller waits until a retry can find out; the retry may meet another clock. */
export const retryAfterMs = ({ endedBy, graceMs }: OpenSends, now: number, { clockSkew }: Timings): number =>
  Math.max(1_000, endedBy + graceMs + clockSkew - now);

const longerGrace = ({ graceAnswered, graceLost }: Timings): number => Math.max(graceAnswered, graceLost);
