import type { Problem } from '../problems.ts';
import type { Sender } from './authenticated.ts';
import { type Allowed, type Denied, decide, decideEnvironment, decideFor } from './decide.ts';
import { denied } from './denied.ts';
import type { Caller, Grants } from './document.ts';
import type { AccessRequest } from './first-failure.ts';
import { principalText } from './principal.ts';

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
export type Authorization =
  | { readonly caller: string; readonly right: Right; readonly denied?: undefined }
  | { readonly caller?: string | undefined; readonly right: Right; readonly denied: Problem };

/** Decides on a sender's request; `now` is in milliseconds since the epoch. */
export const authorize = (grants: Grants, sender: Sender, request: AccessRequest, now: number): Authorization =>
  authorization(decide(grants, sender, request, now), principalOf(sender));

/** Decides whether a sender may see an environment itself. */
export const authorizeEnvironment = (
  grants: Grants,
  sender: Sender,
  environmentID: string,
  now: number,
): Authorization => authorization(decideEnvironment(grants, sender, environmentID, now), principalOf(sender));

const principalOf = (sender: Sender): Right => ('unestablished' in sender ? {} : { principal: principalText(sender) });

/** Decides again on an accepted request, whose caller is known by name. */
export const authorizeCaller = (grants: Grants, name: string, request: AccessRequest, now: number): Authorization =>
  authorization(decideFor(grants, callerNamed(grants, name), request, now), {});

const callerNamed = ({ callers }: Grants, name: string): Caller | undefined =>
  callers.find((caller) => caller.name === name);

const authorization = (decision: Allowed | Denied, right: Right): Authorization => {
  const { caller } = decision;
  if (decision.allowed) return { caller: decision.caller, right: { ...right, grant: decision.grant } };
  const { dimension, closest } = decision;
  return { caller, right: { ...right, dimension, closest }, denied: denied(decision) };
};
