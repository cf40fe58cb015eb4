import type { RequestItem } from '../ledger/items.ts';
import type { AssignedResources, NameRecord } from '../ledger/names.ts';
import { Problem } from '../problems.ts';
import { type Attempt, claimLost, inProgress, newClaim } from './attempt.ts';
import { closedAt, openIn } from './open-sends.ts';
import { recordOther } from './record.ts';
import { resolve } from './resolve.ts';

/** An equal request of the same caller, whose outcome answers a request without a key. */
export interface Join {
  readonly join: RequestItem;
  readonly id: string;
}

const rounds = 5;

/** A name item keeps the id of each resource created with the name, and DynamoDB limits items to 400 kB. */
const maximumPerName = 1_000;

/**
 * Makes a request the holder of its name. One create per name is open at a time, so that a listed resource belongs to one
 * request. If the attempt of another holder died, that request is resolved and closed first.
 * @throws Problem REQUEST_IN_PROGRESS while another request holds the name, NAME_EXHAUSTED
 */
export const holdName = async (attempt: Attempt): Promise<NameRecord | Join> => {
  const { ledger, claim, arrival, previousName } = attempt;
  let instead: string | undefined;
  for (let round = 0; round < rounds; round++) {
    const [current, previous] = await Promise.all([
      ledger.hold(arrival.name, claim, instead),
      ledger.readName(previousName),
    ]);
    const assigned = new Map([...previous.assigned, ...current.assigned]);
    if (assigned.size >= maximumPerName && resourceOf(claim.id, assigned) === undefined) throw exhausted();

    const isHeld = current.by === claim.owner;
    // A request of version 0.1 holds the name item of that version.
    const other = isHeld ? previous : current;
    if (other.holder === undefined) {
      if (isHeld) return { ...current, assigned };
      continue;
    }
    const item = await ledger.read(other.holder);
    const isOurs = other.holder === claim.id;
    if (isOurs && item?.owner !== claim.owner) throw claimLost();
    // This attempt took over the holder, or the holder sends no more.
    if (isOurs || !item || !maySend(item)) {
      if (isHeld) return { ...current, assigned };
      await assignClosed(attempt, other, item);
      instead = other.by;
      continue;
    }
    if (mayJoin(attempt) && isEqual(item, attempt)) return { join: item, id: other.holder };
    await close(attempt, other.holder, item, assigned);
  }
  throw nameBusy(1_000);
};

/** A closed or waiting request has no open send: its hold is left over from an attempt or a late write. */
const maySend = ({ state }: RequestItem): boolean => state === 'sending' || state === 'unknown';

/** Assigns the resource of a holder whose attempt died between `close` and `assign`; that ends its hold, too. */
const assignClosed = async (
  { ledger, arrival }: Attempt,
  { holder = '', by = '' }: NameRecord,
  item: RequestItem | undefined,
): Promise<void> => {
  if (item?.resource === undefined) return;
  const keylessAt = item.key === undefined ? undefined : item.updatedAt;
  await ledger.assign(arrival.name, { id: holder, owner: by }, item.resource, keylessAt);
};

/** Whether an equal request may answer for this one: arrival and request have no key, and no send is open. */
export const mayJoin = ({ keyless, isKeylessRequest, open }: Attempt): boolean => keyless && isKeylessRequest && !open;

/** Whether another request has the same caller and body. */
export const isEqual = ({ caller, fingerprint }: RequestItem, { arrival }: Attempt): boolean =>
  caller === arrival.caller && fingerprint === arrival.fingerprint;

/** Resolves and closes another request whose attempt died. */
const close = async (attempt: Attempt, id: string, other: RequestItem, assigned: AssignedResources): Promise<void> => {
  const { ledger, clock, timings, arrival } = attempt;
  const claim = newClaim(id, attempt.deadline, attempt);
  const claimed = await ledger.claim(claim, other, clock.now());
  if (!claimed.isOwner) throw nameBusy((claimed.item.lease ?? 0) + timings.clockSkew - clock.now());

  const open = openIn(claimed.item, timings);
  try {
    const wholeBody = claimed.item.fingerprint === arrival.fingerprint;
    const question = open && { open, assigned, until: closedAt(open, timings), wholeBody };
    const resource = resourceOf(id, assigned) ?? (question && (await resolve(attempt, question)));
    if (resource !== undefined) await recordOther(attempt, claim, resource, claimed.item);
    else await ledger.rejected(claim, nothingCreated, clock.now());
  } catch (error) {
    if (open) await ledger.unknown(claim, open, clock.now());
    // The other request's problem is only the cause: this one sent nothing.
    if (error instanceof Problem) throw nameBusy(error.facts.retryAfterMs ?? timings.graceLost, error);
    throw error;
  }
};

const nothingCreated = { problem: 'OUTCOME_UNKNOWN', status: 504, codes: ['NOTHING_CREATED'] };

/** The resource that the ledger assigns to a request. */
export const resourceOf = (id: string, assigned: AssignedResources): string | undefined =>
  [...assigned].find(([, request]) => request === id)?.[0];

const nameBusy = (restMs: number, cause?: Problem) =>
  inProgress('Another request for this name is in progress; this attempt sent nothing.', restMs, cause);

const exhausted = () =>
  new Problem(
    'NAME_EXHAUSTED',
    `${maximumPerName} resources were created with this name, the limit; use another name.`,
  );
