import type { Endpoint } from '../endpoints/endpoint.ts';
import { isMembers, normalisedText, valueAt } from '../identity.ts';
import type { Taken } from '../ledger/ledger.ts';
import type { Resource } from '../pingone/list.ts';

/** What a list says of a request whose create may have had an effect. */
export type Finding =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none' }
  /** Resources that may be the request's, or somebody else's. */
  | { readonly found: 'unclear'; readonly ids: readonly string[] };

export interface Sought {
  readonly endpoint: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
  /** False where the body only has the identity of what is sought, so that nothing can be recognised. */
  readonly wholeBody: boolean;
  /** The first moment at which it can have been created, in milliseconds since the epoch. */
  readonly since: number;
  readonly taken: Taken;
}

/** Looks for the one resource that a request has made: of its name, nobody else's, not older, and equal in all that was sent. */
export const find = (resources: readonly Resource[], sought: Sought): Finding => {
  const candidates = resources.filter((resource) => isCandidate(resource, sought));
  const [only, ...others] = candidates;
  if (!only) return { found: 'none' };
  if (others.length === 0 && sought.wholeBody && holds(only, sought.body, sought.endpoint))
    return { found: 'one', id: only.id };
  return { found: 'unclear', ids: candidates.map(({ id }) => id) };
};

const isCandidate = (resource: Resource, { endpoint, body, since, taken }: Sought): boolean =>
  !taken.has(resource.id) &&
  !(Date.parse(resource.createdAt ?? '') < since) &&
  endpoint.identity.every((member) => equal(valueAt(resource, member), valueAt(body, member), endpoint, member));

/** Whether every member that was sent is in the resource as it was sent; PingOne adds members of its own. */
const holds = (resource: unknown, sent: Readonly<Record<string, unknown>>, endpoint: Endpoint, path = ''): boolean =>
  isMembers(resource) &&
  Object.entries(sent).every(([name, value]) =>
    equal(resource[name], value, endpoint, path ? `${path}.${name}` : name),
  );

const equal = (there: unknown, sent: unknown, endpoint: Endpoint, path: string): boolean => {
  if (sent === null || sent === undefined) return there === null || there === undefined;
  const identifies = endpoint.identity.includes(path);
  // PingOne shows a secret as asterisks.
  if (!identifies && typeof there === 'string' && /^\*+$/.test(there)) return true;
  if (identifies && typeof sent === 'string' && typeof there === 'string') {
    return normalisedText(there) === normalisedText(sent);
  }
  if (Array.isArray(sent)) return Array.isArray(there) && equalItems(there, sent, endpoint, path);
  if (isMembers(sent)) return holds(there, sent, endpoint, path);
  return there === sent;
};

const equalItems = (there: readonly unknown[], sent: readonly unknown[], endpoint: Endpoint, path: string): boolean => {
  if (there.length !== sent.length) return false;
  if (!endpoint.sets.includes(path)) return sent.every((item, index) => equal(there[index], item, endpoint, path));
  const left = [...there];
  return sent.every((item) => {
    const index = left.findIndex((candidate) => equal(candidate, item, endpoint, path));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
};
