import { Problem } from '../errors.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { Taken } from '../ledger/ledger.ts';
import { type Attempt, inProgress, newClaim, openSendsOf } from './attempt.ts';
import { resolve } from './resolve.ts';
import { settle } from './settle.ts';

/** Whose turn a name is: ours, knowing what others made under it, or that of an open request which is the same as ours. */
export type Turn = { readonly taken: Taken } | { readonly same: RequestItem; readonly id: string };

const rounds = 5;

/** A name item keeps the id of each resource that was made under it, and DynamoDB's items hold 400 kB. */
const mostPerName = 1_000;

/**
 * Makes a request its name's holder: one create per name is open at a time, so that what turns up can be told apart.
 * Where another request's attempt died, what became of that one is found out first.
 * Throws Problem REQUEST_IN_PROGRESS or OUTCOME_UNKNOWN while it is another's turn.
 */
export const takeTurn = async (attempt: Attempt): Promise<Turn> => {
  const { ledger, claim, arrival } = attempt;
  let instead: string | undefined;
  for (let round = 0; round < rounds; round++) {
    const { holder, taken } = await ledger.hold(arrival.name, claim.id, instead);
    if (taken.size >= mostPerName && madeBy(claim.id, taken) === undefined) throw exhausted();
    if (holder === claim.id) return { taken };
    if (holder === undefined) continue;
    const other = await ledger.read(holder);
    // A closed request sends no more, so that its turn is over.
    instead = other?.state === 'created' ? holder : undefined;
    if (instead) continue;
    if (attempt.keyless && other?.caller === arrival.caller && other.fingerprint === arrival.fingerprint) {
      return { same: other, id: holder };
    }
    await endTurn(attempt, holder, other, taken);
  }
  throw nameBusy(1_000);
};

/** Closes another request whose attempt has died, by finding out what it made. */
const endTurn = async (attempt: Attempt, id: string, other: RequestItem | undefined, taken: Taken): Promise<void> => {
  const { ledger, clock, timings, arrival } = attempt;
  const now = clock.now();
  const claim = newClaim(id, attempt.deadline, attempt);
  const { mine, item } = await ledger.claim(claim, other ?? arrival, now);
  if (!mine) throw nameBusy((item.lease ?? now) - now);

  const open = openSendsOf(item, timings);
  try {
    const wholeBody = item.fingerprint === arrival.fingerprint;
    const resource = madeBy(id, taken) ?? (open && (await resolve(attempt, open, taken, wholeBody)));
    if (resource !== undefined) await settle(attempt, resource, id);
    else {
      await ledger.release(arrival.name, id);
      await ledger.rejected(claim, nothingCreated, clock.now());
    }
  } catch (error) {
    await ledger.unknown(claim, open?.settleMs ?? 0, clock.now());
    throw error;
  }
};

const nothingCreated = { problem: 'OUTCOME_UNKNOWN', status: 504, codes: ['NOTHING_CREATED'] };

/** The resource that a request is known to have made. */
export const madeBy = (id: string, taken: Taken): string | undefined =>
  [...taken].find(([, request]) => request === id)?.[0];

const nameBusy = (restMs: number) =>
  inProgress('Another request for a resource of this name is open; nothing was sent for this one.', restMs);

const exhausted = () =>
  new Problem('NAME_EXHAUSTED', `${mostPerName} resources were made under this name, the most that are kept apart.`);
