import type { Endpoint } from '../endpoints/endpoint.ts';
import { isMembers, normalisedText, valueAt } from '../identity.ts';
import type { Taken } from '../ledger/ledger.ts';
import type { Resource } from '../pingone/list.ts';

/** What a list says of a request whose create may have had an effect. */
export type Finding =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none' }
  /** Resources that may be the request's, or somebody else's; those whose id can't be read have none here. */
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
  const isSure = others.length === 0 && sought.wholeBody && holds(only, sought.body, sought.endpoint);
  if (isSure && only.id !== undefined) return { found: 'one', id: only.id };
  return { found: 'unclear', ids: candidates.flatMap(({ id }) => id ?? []) };
};

/** What a row doesn't show, or not so that it can be read, rules nothing out. */
const isCandidate = (resource: Resource, { endpoint, body, since, taken }: Sought): boolean =>
  !taken.has(resource.id ?? '') &&
  !(createdMs(resource) < since) &&
  endpoint.identity.every((member) => {
    const [there, sent] = [valueAt(resource, member), valueAt(body, member)];
    return equal(there, sent, endpoint, member) || !isReadable(there, sent);
  });

/** PingOne is younger; servers write such times for none, and seconds since 1970 would be one too. */
const earliest = Date.UTC(2000);

/** When a row says that it was created, in milliseconds since the epoch; NaN where it doesn't say. */
const createdMs = ({ createdAt }: Resource): number => {
  const time = typeof createdAt === 'number' ? createdAt : Date.parse(createdAt ?? '');
  return time < earliest ? Number.NaN : time;
};

/** Whether a value has the shape of what was sent, so that a difference counts. */
const isReadable = (there: unknown, sent: unknown): boolean => {
  if (Array.isArray(sent))
    return Array.isArray(there) && there.length > 0 && there.every((item) => isReadable(item, sent[0]));
  if (isMembers(sent))
    return isMembers(there) && Object.entries(sent).every(([name, value]) => isReadable(there[name], value));
  return typeof there === typeof sent && there !== '';
};

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
