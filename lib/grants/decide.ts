import type { Unestablished } from './authenticated.ts';
import { type Asked, type Dimension, type Failure, firstFailure } from './dimensions.ts';
import type { Caller, Grants } from './document.ts';
import { isSamePrincipal, type Principal } from './principal.ts';

export interface Allowed {
  readonly allowed: true;
  /** The names of caller and grant. */
  readonly caller: string;
  readonly grant: string;
}

export interface Denied {
  readonly allowed: false;
  /** Where the closest grant failed. */
  readonly dimension: 'principal' | Dimension;
  /** Absent where the principal is nobody's. */
  readonly caller?: string | undefined;
  /** The caller's grant that held the longest, dimension by dimension; of several the first. */
  readonly closest?: string | undefined;
  /** Why the request has no principal at all, as the end of a sentence. */
  readonly unestablished?: string | undefined;
}

/** Decides on a request by the grants of its own caller; `now` is in milliseconds since the epoch. */
export const decide = (
  grants: Grants,
  principal: Principal | Unestablished,
  asked: Asked,
  now: number,
): Allowed | Denied =>
  'unestablished' in principal
    ? { allowed: false, dimension: 'principal', ...principal }
    : decideFor(grants, callerOf(grants, principal), asked, now);

/** Whose principal it is. */
export const callerOf = ({ callers }: Grants, principal: Principal | Unestablished): Caller | undefined => {
  if ('unestablished' in principal) return undefined;
  return callers.find(({ principals }) => principals.some((each) => isSamePrincipal(each, principal)));
};

/** The same for a caller that is known already; nobody may do anything. */
export const decideFor = (grants: Grants, caller: Caller | undefined, asked: Asked, now: number): Allowed | Denied => {
  if (!caller) return { allowed: false, dimension: 'principal' };
  let closest: Failure & { readonly grant?: string } = { dimension: 'endpoint', rank: -1 };
  for (const grant of caller.grants) {
    const failure = firstFailure(grant, asked, grants, now);
    if (!failure) return { allowed: true, caller: caller.name, grant: grant.name };
    if (failure.rank > closest.rank) closest = { ...failure, grant: grant.name };
  }
  return { allowed: false, dimension: closest.dimension, caller: caller.name, closest: closest.grant };
};
