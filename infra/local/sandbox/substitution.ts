import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { isRecord } from '../loopback/json.ts';

/** Where the documentation's examples live. */
const documentedBase = 'https://api.pingone.com/v1';

/** Whose words take the place of an example's. */
export interface Substitution {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
  readonly apiBase: string;
}

/** Gives a value of an endpoint's example this request's words, as whole strings or as segments of an address. */
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
