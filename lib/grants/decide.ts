import type { Sender } from './authenticated.ts';
import type { Caller, Grant, Grants } from './document.ts';
import { type AccessRequest, type Failure, firstFailure, noGrant } from './first-failure.ts';
import { isSamePrincipal } from './principal.ts';

export interface Allowed {
  readonly allowed: true;
  /** The caller's name. */
  readonly caller: string;
  /** The grant's name. */
  readonly grant: string;
}

export interface Denied extends Pick<Failure, 'dimension' | 'denial'> {
  readonly allowed: false;
  /** Absent if no caller has the principal. */
  readonly caller?: string | undefined;
  /** The caller's grant that failed in the last dimension; the first of several. */
  readonly closest?: string | undefined;
}

/** Decides on a request by its caller's grants; `now` is in milliseconds since the epoch. */
export const decide = (grants: Grants, sender: Sender, request: AccessRequest, now: number): Allowed | Denied =>
  decideBy(grants, sender, (grant) => firstFailure(grant, request, grants, now));

/** Decides whether a sender may see an environment itself: any grant there is enough. */
export const decideEnvironment = (grants: Grants, sender: Sender, environmentID: string, now: number) =>
  decideBy(grants, sender, (grant) => {
    const {
      endpoints: [name = ''],
      actions: [action] = ['create'],
    } = grant;
    const endpoint = { name, grants: { environments: 'parameters.environmentID' } };
    return firstFailure(grant, { endpoint, action, parameters: { environmentID } }, grants, now);
  });

type FailureOf = (grant: Grant) => Failure | undefined;

const decideBy = (grants: Grants, sender: Sender, failureOf: FailureOf): Allowed | Denied =>
  'unestablished' in sender
    ? { ...unknownCaller, denial: `${unknownCaller.denial}: ${sender.unestablished}` }
    : decideOn(callerOf(grants, sender), failureOf);

/** The caller that has the sender's principal. */
export const callerOf = ({ callers }: Grants, sender: Sender): Caller | undefined => {
  if ('unestablished' in sender) return undefined;
  return callers.find(({ principals }) => principals.some((each) => isSamePrincipal(each, sender)));
};

/** Like `decide`, for a known caller. An unknown caller is denied. */
export const decideFor = (
  grants: Grants,
  caller: Caller | undefined,
  request: AccessRequest,
  now: number,
): Allowed | Denied => decideOn(caller, (grant) => firstFailure(grant, request, grants, now));

const decideOn = (caller: Caller | undefined, failureOf: FailureOf): Allowed | Denied => {
  if (!caller) return unknownCaller;
  let closest: Failure & { readonly grant?: string } = noGrant;
  for (const grant of caller.grants) {
    const failure = failureOf(grant);
    if (!failure) return { allowed: true, caller: caller.name, grant: grant.name };
    if (failure.rank > closest.rank) closest = { ...failure, grant: grant.name };
  }
  const { dimension, denial, grant } = closest;
  return { allowed: false, dimension, denial, caller: caller.name, closest: grant };
};

const unknownCaller = { allowed: false, dimension: 'principal', denial: 'no caller has this principal' } as const;
