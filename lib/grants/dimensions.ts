import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { valueAt } from '../validation/members.ts';
import { strictText } from '../validation/text-forms.ts';
import type { Grant, Grants } from './document.ts';
import { isBelow } from './path-prefix.ts';

/** What is asked for; parameters and body have passed the endpoint's schemas. */
export interface Asked {
  readonly endpoint: Pick<Endpoint, 'name' | 'grants'>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Dimension =
  | 'endpoint'
  | 'environment'
  | 'production'
  | 'apiServer'
  | 'connector'
  | 'name'
  | 'path'
  | 'accessControl'
  | 'expired';

/** Where a grant fails, and how late that is. */
export interface Failure {
  readonly dimension: Dimension;
  readonly rank: number;
}

/** The first dimension in which a grant doesn't allow what is asked; nothing where it allows it. */
export const firstFailure = (...of: Parameters<Check>): Failure | undefined => {
  const rank = checks.findIndex(([, holds]) => !holds(...of));
  const [dimension] = checks[rank] ?? [];
  return dimension && { dimension, rank };
};

type Check = (grant: Grant, asked: Asked, grants: Pick<Grants, 'nonProduction'>, now: number) => boolean;

/** From the coarse to the fine: a grant that fails later is closer. An endpoint's limits are its own data. */
const checks: readonly (readonly [Dimension, Check])[] = [
  ['endpoint', ({ endpoints }, { endpoint }) => endpoints.includes(endpoint.name)],
  ['environment', ({ environments }, { parameters }) => covers(environments, parameters.environmentID)],
  [
    'production',
    ({ production }, { parameters }, { nonProduction }) =>
      production === true || has(nonProduction, parameters.environmentID),
  ],
  [
    'apiServer',
    ({ apiServers }, { endpoint: { grants }, parameters }) =>
      limited(grants.apiServers, (parameter) => covers(apiServers, parameters[parameter])),
  ],
  [
    'connector',
    ({ connectors }, { endpoint: { grants }, body }) =>
      limited(grants.connectors, (member) => matches(connectors, valueAt(body, member))),
  ],
  [
    'name',
    ({ names }, { endpoint: { grants }, body }) =>
      limited(grants.names, (member) => matches(names, valueAt(body, member))),
  ],
  [
    'path',
    ({ pathPrefixes }, { endpoint: { grants }, body }) =>
      limited(grants.pathPrefixes, (member) => areBelow(pathPrefixes, valueAt(body, member))),
  ],
  [
    'accessControl',
    ({ requireAccessControl = true }, { endpoint: { grants }, body }) =>
      !requireAccessControl ||
      limited(grants.requireAccessControl, (members) => members.some((member) => hasID(valueAt(body, member)))),
  ],
  // What is no date allows nothing.
  ['expired', ({ expires }, _asked, _grants, now) => expires === undefined || now < Date.parse(expires)],
];

/** An endpoint without the limit passes. */
const limited = <At>(at: At | undefined, holds: (at: At) => boolean): boolean => at === undefined || holds(at);

const has = (ids: readonly string[] = [], id: string | undefined): boolean => id !== undefined && ids.includes(id);

const covers = (granted: readonly string[] = [], id: string | undefined): boolean =>
  granted.includes('*') || has(granted, id);

/** As it was sent, and as PingOne may keep it. */
const matches = (granted: readonly string[] = [], value: unknown): boolean =>
  typeof value === 'string' &&
  granted.some((pattern) => isMatch(pattern, value) && isMatch(pattern, strictText(value)));

const isMatch = (pattern: string, value: string): boolean =>
  pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

const paths = z.lazy(() =>
  z.array(z.object({ type: z.enum(['EXACT', 'PARAMETER']), pattern: z.string() })).check(z.minLength(1)),
);

const areBelow = (granted: readonly string[] = [], value: unknown): boolean =>
  z.safeParse(paths, value).data?.every((path) => granted.some((prefix) => isBelow(path, prefix))) === true;

/** Whether a value is an id, has one as `id`, or is an array with one of these. Without a letter or digit it is blank. */
const hasID = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(hasID) : isID(value) || isID(valueAt(value, 'id'));

const isID = (value: unknown): boolean => typeof value === 'string' && /[\p{L}\p{N}]/u.test(value);
