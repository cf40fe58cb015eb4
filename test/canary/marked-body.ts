import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { fingerprintOf } from '../../lib/provision/identity.ts';
import { violationsIn } from '../../lib/validation/violations.ts';
import { type Canaries, sha256 } from './canaries.ts';

type Body = Readonly<Record<string, unknown>>;

/** A valid body of an endpoint with a mark in each free string, and with its optional members. */
export const markedBody = (endpoint: Endpoint, canaries: Canaries, source: string): Body => {
  const fits = (body: Body) => violationsIn(endpoint.body, body).length === 0;
  const mark = canaries.mark(source);
  let body = withExtras(endpoint.example.body, extras(canaries, source, mark), fits);
  for (const path of textsIn(body)) {
    const text = `${String(at(body, path))}${mark}`;
    const marked = replaced(body, path, text);
    if (!fits(marked)) continue;
    body = marked;
    canaries.addHash(`hash of ${source}`, sha256(text));
  }
  canaries.addHash(`fingerprint of ${source}`, fingerprintOf(body));
  return body;
};

/** Members that the example lacks, for the endpoints that accept them. */
const extras = (canaries: Canaries, source: string, mark: string): Body[] => {
  const number = Number(`7${[...mark.slice(7, 10)].map((letter) => letter.charCodeAt(0)).join('')}39184625`);
  canaries.add(`${source} a number`, String(number));
  return [
    {
      properties: {
        [mark]: { type: 'string', value: 'a', secure: true },
        clientSecret: { value: 'b', displayName: 'c' },
        list: ['d', { [mark]: 'e' }],
        number,
      },
    },
    {
      accessControl: {
        group: { groups: [{ id: 'a' }] },
        permission: { id: 'b' },
        scope: { matchType: 'ANY', scopes: [{ id: 'c' }] },
        authentication: { acrs: [{ id: 'd', type: 'PINGONE' }] },
      },
    },
  ];
};

const withExtras = (body: Body, members: readonly Body[], fits: (body: Body) => boolean): Body =>
  Object.assign({ ...body }, ...members.filter((extra) => fits({ ...body, ...extra })));

type Path = readonly string[];

const textsIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, [...path, name]));
};

const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, name) => Object(inner)[name], value);

const replaced = (body: Body, path: Path, text: string): Body => {
  const copy = structuredClone(body);
  Reflect.set(Object(at(copy, path.slice(0, -1))), path.at(-1) ?? '', text);
  return copy;
};
