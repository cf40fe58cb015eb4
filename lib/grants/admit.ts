import type { Problem } from '../problems.ts';
import type { Unestablished } from './authenticated.ts';
import { type Allowed, type Denied, decide, decideFor } from './decide.ts';
import { denied } from './denied.ts';
import type { Caller, Grants } from './document.ts';
import type { Asked } from './first-failure.ts';
import { type Principal, principalText } from './principal.ts';

/** The grant that allows a request, or the reason for its denial, for the audit. */
export interface Right {
  readonly principal?: string | undefined;
  /** The grant that allows the request. */
  readonly grant?: string | undefined;
  /** The dimension in which the closest grant failed, and that grant. */
  readonly dimension?: Denied['dimension'] | undefined;
  readonly closest?: string | undefined;
}

/** The decision on a request: its caller and grant, or its denial. */
export type Admission =
  | { readonly caller: string; readonly right: Right; readonly denied?: undefined }
  | { readonly caller?: string | undefined; readonly right: Right; readonly denied: Problem };

/** Decides on a principal's request; `now` is in milliseconds since the epoch. */
export const admit = (grants: Grants, principal: Principal | Unestablished, asked: Asked, now: number): Admission =>
  admission(
    decide(grants, principal, asked, now),
    'unestablished' in principal ? {} : { principal: principalText(principal) },
  );

/** Decides again on an accepted request, whose caller is known by name. */
export const admitCaller = (grants: Grants, name: string, asked: Asked, now: number): Admission =>
  admission(decideFor(grants, callerNamed(grants, name), asked, now), {});

const callerNamed = ({ callers }: Grants, name: string): Caller | undefined =>
  callers.find((caller) => caller.name === name);

const admission = (decision: Allowed | Denied, right: Right): Admission => {
  const { caller } = decision;
  if (decision.allowed) return { caller: decision.caller, right: { ...right, grant: decision.grant } };
  const { dimension, closest } = decision;
  return { caller, right: { ...right, dimension, closest }, denied: denied(decision) };
};
