import type { RequestItem } from '../ledger/items.ts';
import type { NameRecord, Taken } from '../ledger/ledger.ts';
import { Problem } from '../problems.ts';
import { type Attempt, inProgress, newClaim, overtaken } from './attempt.ts';
import { closedAt, openIn } from './open-sends.ts';
import { record } from './record.ts';
import { resolve } from './resolve.ts';

/** An equal request of the same caller, which answers for one without a key. */
export interface Join {
  readonly join: RequestItem;
  readonly id: string;
}

const rounds = 5;

/** A name item keeps the id of each resource that was made under it, and DynamoDB's items hold 400 kB. */
const mostPerName = 1_000;

/**
 * Makes a request its name's holder: one create per name is open at a time, so that what is listed can be told apart.
 * Where another request's attempt died, what became of that one is found out first.
 * @throws Problem REQUEST_IN_PROGRESS while another request holds the name
 */
export const holdName = async (attempt: Attempt): Promise<NameRecord | Join> => {
  const { ledger, claim, arrival, previousName } = attempt;
  let instead: string | undefined;
  for (let round = 0; round < rounds; round++) {
    const [current, previous] = await Promise.all([
      ledger.hold(arrival.name, claim, instead),
      ledger.readName(previousName),
    ]);
    const taken = new Map([...previous.taken, ...current.taken]);
    if (taken.size >= mostPerName && madeBy(claim.id, taken) === undefined) throw exhausted();

    const isHeld = current.by === claim.owner;
    // A request of version 0.1 holds the name's item of that version.
    const other = isHeld ? previous : current;
    if (other.holder === undefined) {
      if (isHeld) return { ...current, taken };
      continue;
    }
    const item = await ledger.read(other.holder);
    const isOurs = other.holder === claim.id;
    if (isOurs && item?.owner !== claim.owner) throw overtaken();
    // A request that this attempt has taken over, or one that sends no more.
    if (isOurs || !item || !maySend(item)) {
      if (isHeld) return { ...current, taken };
      instead = other.by;
      continue;
    }
    if (mayJoin(attempt) && isEqual(item, attempt)) return { join: item, id: other.holder };
    await close(attempt, other.holder, item, taken);
  }
  throw nameBusy(1_000);
};

/** A closed or waiting request has no send open: its hold is a leftover, which a late write may even have made. */
const maySend = ({ state }: RequestItem): boolean => state === 'sending' || state === 'unknown';

/** Whether an equal request may answer for this one: both arrival and request are without a key, and nothing was sent. */
export const mayJoin = ({ keyless, isKeylessRequest, open }: Attempt): boolean => keyless && isKeylessRequest && !open;

/** Whether another request is the same caller's, with the same body. */
export const isEqual = ({ caller, fingerprint }: RequestItem, { arrival }: Attempt): boolean =>
  caller === arrival.caller && fingerprint === arrival.fingerprint;

/** Closes another request whose attempt has died, by finding out what it made. */
const close = async (attempt: Attempt, id: string, other: RequestItem, taken: Taken): Promise<void> => {
  const { ledger, clock, timings, arrival } = attempt;
  const claim = newClaim(id, attempt.deadline, attempt);
  const claimed = await ledger.claim(claim, other, clock.now());
  if (!claimed.mine) throw nameBusy((claimed.item.lease ?? 0) + timings.clockSkew - clock.now());

  const open = openIn(claimed.item, timings);
  try {
    const wholeBody = claimed.item.fingerprint === arrival.fingerprint;
    const question = open && { open, taken, until: closedAt(open, timings), wholeBody };
    const resource = madeBy(id, taken) ?? (question && (await resolve(attempt, question)));
    if (resource !== undefined) await record(attempt, claim, resource, claimed.item.key !== undefined);
    else await ledger.rejected(claim, nothingCreated, clock.now());
  } catch (error) {
    if (open) await ledger.unknown(claim, open, clock.now());
    // What is not known of that request is no news of this one.
    if (error instanceof Problem) throw nameBusy(error.facts.retryAfterMs ?? timings.graceLost, error);
    throw error;
  }
};

const nothingCreated = { problem: 'OUTCOME_UNKNOWN', status: 504, codes: ['NOTHING_CREATED'] };

/** The resource that a request is known to have made. */
export const madeBy = (id: string, taken: Taken): string | undefined =>
  [...taken].find(([, request]) => request === id)?.[0];

const nameBusy = (restMs: number, cause?: Problem) =>
  inProgress('Another request for a resource of this name is open; this attempt sent nothing.', restMs, cause);

const exhausted = () =>
  new Problem('NAME_EXHAUSTED', `${mostPerName} resources were made under this name, the most that are kept apart.`);
