import { hash as digest } from 'node:crypto';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import { looseText, strictText } from '../validation/text-forms.ts';

type Members = Readonly<Record<string, unknown>>;

/** The ledger's key of a request. All doors share one namespace per caller. */
export const requestIDOf = (caller: string, endpoint: Endpoint, parameters: Members, key: string): string =>
  hash([caller, endpoint.name, parameters, key]);

/** Whether a text has the form of a request id. */
export const isRequestID = (text: string): boolean => /^[\da-f]{64}$/.test(text);

/** Identifies a request by its own key, else by its arrival's id. */
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

/** The ledger's keys of a body's name in PingOne. Creates with the same name are sent one after the other. */
export interface NameIDs {
  readonly name: string;
  /** The key in version 0.1, whose items are still read. */
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

/** A hash that is equal for equal JSON values, whatever the order of their members. */
export const fingerprintOf = (body: unknown): string => hash(body);

const normalised = (value: unknown, endpoint: Endpoint, member: string, text: (value: string) => string): unknown => {
  if (typeof value === 'string') return text(value);
  return Array.isArray(value) && endpoint.sets.includes(member) ? value.map(canonical).sort() : value;
};

const hash = (value: unknown): string => digest('sha256', canonical(value));

/** JSON with the members of every object sorted. */
const canonical = (value: unknown): string => {
  if (!isMembers(value))
    return Array.isArray(value) ? `[${value.map(canonical).join()}]` : (JSON.stringify(value) ?? 'null');
  let members = '';
  for (const name of Object.keys(value).sort()) {
    members += `${members && ','}${JSON.stringify(name)}:${canonical(value[name])}`;
  }
  return `{${members}}`;
};
