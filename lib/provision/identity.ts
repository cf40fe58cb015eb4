import { hash as digest } from 'node:crypto';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import { looseText, strictText } from '../validation/text-forms.ts';

type Members = Readonly<Record<string, unknown>>;

/** The ledger's key of a request: one namespace for all doors, and none that two callers share. */
export const requestIDOf = (caller: string, endpoint: Endpoint, parameters: Members, key: string): string =>
  hash([caller, endpoint.name, parameters, key]);

/** Whether a text is such a key: whatever else comes in its place is somebody's own. */
export const isRequestID = (text: string): boolean => /^[\da-f]{64}$/.test(text);

/** What a door says of a request: its own key or the id of what came in, and the ledger's key that follows from it. */
export const identified = (
  caller: string,
  endpoint: Endpoint,
  parameters: Members,
  own: string | undefined,
  arrivalID: string,
): {
  readonly requestID: string;
  readonly caller: string;
  readonly arrivalID: string;
  readonly key: string;
  readonly keyless: boolean;
} => {
  const key = own ?? arrivalID;
  return {
    requestID: requestIDOf(caller, endpoint, parameters, key),
    caller,
    arrivalID,
    key,
    keyless: own === undefined,
  };
};

/** The ledger's keys of the name that a body gets in PingOne: creates that share it are made one after the other. */
export interface NameIDs {
  readonly name: string;
  /** The key that version 0.1 had for it; its items are still read. */
  readonly previousName: string;
}

export const nameIDsOf = (endpoint: Endpoint, parameters: Members, body: Members): NameIDs => {
  const hashBy = (text: (value: string) => string) =>
    hash([
      endpoint.name,
      parameters,
      endpoint.identity.map((member) => normalised(valueAt(body, member), endpoint, member, text)),
    ]);
  return { name: `2-${hashBy(looseText)}`, previousName: hashBy(strictText) };
};

/** Tells whether two bodies are the same JSON value, whatever the order of their members. */
export const fingerprintOf = (body: unknown): string => hash(body);

const normalised = (value: unknown, endpoint: Endpoint, member: string, text: (value: string) => string): unknown => {
  if (typeof value === 'string') return text(value);
  return Array.isArray(value) && endpoint.sets.includes(member) ? value.map(canonical).sort() : value;
};

const hash = (value: unknown): string => digest('sha256', canonical(value));

/** JSON with the members of every object in one order. */
const canonical = (value: unknown): string => {
  if (!isMembers(value))
    return Array.isArray(value) ? `[${value.map(canonical).join()}]` : (JSON.stringify(value) ?? 'null');
  let members = '';
  for (const name of Object.keys(value).sort()) {
    members += `${members && ','}${JSON.stringify(name)}:${canonical(value[name])}`;
  }
  return `{${members}}`;
};
