import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { isRecord } from '../loopback/json.ts';

/** The API base of the documentation's examples. */
const documentedBase = 'https://api.pingone.com/v1';

/** The request whose values replace those of its endpoint's example. */
export interface Substitution {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
  readonly apiBase: string;
}

/** Replaces an example's values by those of a request, in whole strings and in segments of addresses. */
export const substitute = (value: unknown, substitution: Substitution, id?: string): unknown => {
  const { endpoint, parameters, apiBase } = substitution;
  const words = new Map<string, string | undefined>(
    Object.entries(endpoint.example.parameters).map(([name, example]) => [example, parameters[name]]),
  );
  words.set(endpoint.example.resource.id, id);
  const replace = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(replace);
    if (isRecord(member))
      return Object.fromEntries(Object.entries(member).map(([name, inner]) => [name, replace(inner)]));
    if (typeof member !== 'string') return member;
    const local = member.startsWith(documentedBase) ? `${apiBase}${member.slice(documentedBase.length)}` : member;
    return local
      .split('/')
      .map((segment) => words.get(segment) ?? segment)
      .join('/');
  };
  return replace(value);
};
