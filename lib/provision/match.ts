import type { Endpoint } from '../endpoints/endpoint.ts';
import type { AssignedResources } from '../ledger/names.ts';
import type { Resource } from '../pingone/list.ts';
import { isMembers, valueAt } from '../validation/members.ts';
import { looseText, strictText } from '../validation/text-forms.ts';
import { normalForm } from './normal-form.ts';

/** What a list shows of a request whose create may have had an effect. */
export type Finding =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none' }
  /** Ids of resources that may or may not be the request's; resources with an unreadable id are left out. */
  | { readonly found: 'unclear'; readonly ids: readonly string[] };

export interface Sought {
  readonly endpoint: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
  /** False if only the identity of the sought resource is known, so that no resource can match strictly. */
  readonly wholeBody: boolean;
  /** The earliest time of its creation, in milliseconds since the epoch. */
  readonly since: number;
  readonly assigned: AssignedResources;
}

/**
 * Finds the one resource that a request created: same identity, unclaimed, created after the first send, every sent
 * member equal. Candidates match loosely in their identity, since PingOne may store a name in another form; only a
 * strictly equal candidate is found.
 */
export const find = (
  resources: readonly Resource[],
  { endpoint, body, wholeBody, since, assigned }: Sought,
): Finding => {
  const sent = normalForm(body);
  const candidates = resources.filter(
    (resource) =>
      !assigned.has(resource.id ?? '') &&
      !(createdMs(resource) < since) &&
      mayHaveIdentity(endpoint, normalForm(resource), sent),
  );
  const [only, ...others] = candidates;
  if (!only) return { found: 'none' };
  const isOurs = others.length === 0 && wholeBody && equal(endpoint, normalForm(only), sent, '', strictText);
  if (isOurs && only.id !== undefined) return { found: 'one', id: only.id };
  return { found: 'unclear', ids: candidates.flatMap(({ id }) => id ?? []) };
};

/** Whether a row may have the body's identity: an absent or unreadable member rules nothing out. */
const mayHaveIdentity = (endpoint: Endpoint, resource: unknown, body: unknown): boolean =>
  endpoint.identity.every((member) => {
    const [there, sent] = [valueAt(resource, member), valueAt(body, member)];
    return equal(endpoint, there, sent, member, looseText) || !isReadable(there, sent);
  });

/** PingOne is younger. An earlier time stands for none, or is in seconds since 1970. */
const earliest = Date.UTC(2000);

/** A row's creation time, in milliseconds since the epoch; NaN if it has none. */
const createdMs = ({ createdAt }: Resource): number => {
  const time = typeof createdAt === 'number' ? createdAt : Date.parse(createdAt ?? '');
  return time < earliest ? Number.NaN : time;
};

/** Whether a value has the shape of the sent one, so that a difference counts. */
const isReadable = (there: unknown, sent: unknown): boolean => {
  if (Array.isArray(sent)) return Array.isArray(there) && there.every((item) => isReadable(item, sent[0]));
  if (isMembers(sent))
    return isMembers(there) && Object.entries(sent).every(([name, value]) => isReadable(there[name], value));
  return typeof there === typeof sent && there !== '';
};

/** Whether a value has every sent member; PingOne may add members. `text` normalises names. */
const equal = (
  endpoint: Endpoint,
  there: unknown,
  sent: unknown,
  path: string,
  text: (name: string) => string,
): boolean => {
  if (!isIdentity(endpoint, path) && isMasked(there)) return true;
  if (isMembers(sent)) {
    const isThere = ([name, inner]: [string, unknown]) =>
      isMembers(there) && equal(endpoint, there[name], inner, path ? `${path}.${name}` : name, text);
    return Object.entries(sent).every(isThere);
  }
  if (Array.isArray(sent)) return Array.isArray(there) && equalItems(endpoint, there, sent, path, text);
  if (endpoint.identity.includes(path) && typeof sent === 'string' && typeof there === 'string') {
    return text(there) === text(sent);
  }
  return there === sent;
};

const equalItems = (
  endpoint: Endpoint,
  there: readonly unknown[],
  sent: readonly unknown[],
  path: string,
  text: (name: string) => string,
): boolean => {
  if (there.length !== sent.length) return false;
  if (!endpoint.sets.includes(path)) {
    return sent.every((item, index) => equal(endpoint, there[index], item, path, text));
  }
  const left = [...there];
  return sent.every((item) => {
    const index = left.findIndex((candidate) => equal(endpoint, candidate, item, path, text));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
};

/** Whether a path is an identity member or below one. */
const isIdentity = ({ identity }: Endpoint, path: string): boolean =>
  identity.some((member) => path === member || path.startsWith(`${member}.`));

/** PingOne shows a secret as asterisks. */
const isMasked = (value: unknown): boolean => typeof value === 'string' && /^\*+$/.test(value);
