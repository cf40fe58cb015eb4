import type { Problem } from '../problems.ts';
import type { Unestablished } from './authenticated.ts';
import { type Allowed, type Denied, decide, decideFor } from './decide.ts';
import { denied } from './denied.ts';
import type { Caller, Grants } from './document.ts';
import type { Asked } from './first-failure.ts';
import { type Principal, principalText } from './principal.ts';

/** By which right something is asked for, or where that ended: for the audit. */
export interface Right {
  readonly principal?: string | undefined;
  /** The grant that allows it. */
  readonly grant?: string | undefined;
  /** Where the closest grant failed, and which that was. */
  readonly dimension?: Denied['dimension'] | undefined;
  readonly closest?: string | undefined;
}

/** Whether a request comes in: who asks by which right, or why not. */
export type Admission =
  | { readonly caller: string; readonly right: Right; readonly denied?: undefined }
  | { readonly caller?: string | undefined; readonly right: Right; readonly denied: Problem };

/** Decides on a request of a principal; `now` is in milliseconds since the epoch. */
export const admit = (grants: Grants, principal: Principal | Unestablished, asked: Asked, now: number): Admission =>
  admission(
    decide(grants, principal, asked, now),
    'unestablished' in principal ? {} : { principal: principalText(principal) },
  );

/** Decides anew on a request that was accepted: its caller is known by name. */
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
