import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { endpoints } from '../endpoints/index.ts';
import { GatewayError, type Violation } from '../problems.ts';
import { withoutByteOrderMark } from '../validation/parse-json.ts';
import { checked } from '../validation/violations.ts';
import { limitsFit, namesDiffer, principalsDiffer } from './coherence.ts';
import { isPathPrefix } from './path-prefix.ts';
import { principal } from './principal-schema.ts';

const name = z.string().check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters'));

/** PingOne's ids are UUIDs; only the lower-cased form is compared. */
const id = z.guid().check(z.toLowerCase());

/** An id, or `*` for every one. */
const idOrAll = z.string().check(
  z.refine((text) => text === '*' || z.safeParse(id, text).success, { error: 'must be a UUID, or * for every one' }),
  z.toLowerCase(),
);

const pattern = z
  .string()
  .check(z.minLength(1), z.regex(/^[^*]*\*?$/, 'must be exact, or have a single * at its very end'));

const pathPrefix = z.string().check(
  z.refine(isPathPrefix, {
    error:
      'must be "/" or literal segments such as /orders/open: no slash at the end, and no *, {variable}, backslash, dots or encoded ones',
  }),
);

const some = <Item extends z.core.$ZodType>(item: Item) => z.array(item).check(z.minLength(1));

/** What narrows a grant, where the endpoint has it. */
const limits = {
  /** Ids of connectors, exact or ending in `*`. */
  connectors: z.optional(some(pattern)),
  /** Names of resources, exact or ending in `*`. */
  names: z.optional(some(pattern)),
  /** Ids of API servers, or `*`. */
  apiServers: z.optional(some(idOrAll)),
  /** Literal segments that every path must begin with: `/orders` covers `/orders/open` but not `/orders2`. */
  pathPrefixes: z.optional(some(pathPrefix)),
  /** Whether what is created must name who may use it, by an id; it must unless this is false. */
  requireAccessControl: z.optional(z.boolean()),
} satisfies Record<keyof Endpoint['grants'], z.core.$ZodType>;

const grant = z
  .strictObject({
    /** Its caller has no other of this name; the audit names it. */
    name,
    /** By their names. */
    endpoints: some(z.enum(endpoints.map((endpoint) => endpoint.name))),
    /** Ids of PingOne environments, or `*`: what is deployed has to name them. */
    environments: some(idOrAll),
    /** Whether it is for production environments, too. */
    production: z.optional(z.boolean()),
    ...limits,
    /** The moment from which on it allows nothing. */
    expires: z.optional(
      z.iso.datetime({ offset: true, error: 'must be a date-time (RFC 3339) such as 2030-01-31T00:00:00Z' }),
    ),
  })
  .check(limitsFit(endpoints, Object.keys(limits)));

const caller = z.strictObject({
  /** What ledger and audit call it. A caller that is renamed is another one: its idempotency keys are forgotten. */
  name,
  /** Who it is: any of these. */
  principals: some(principal),
  /** What it may do. Each grant stands alone: one of them must allow the whole request. */
  grants: z.array(grant).check(namesDiffer),
});

const grantsDocument = z.strictObject({
  version: z.literal('1'),
  /** Ids of the PingOne environments that are not production; every other one is. */
  nonProduction: z._default(z.array(id), []),
  callers: z.array(caller).check(namesDiffer, principalsDiffer),
});

/** Who may ask for what; all else is denied. */
export type Grants = z.output<typeof grantsDocument>;

/** A grants document as it is written down. */
export type GrantsDocument = z.input<typeof grantsDocument>;

export type Caller = Grants['callers'][number];

export type Grant = z.output<typeof grant>;

/** Thrown when a grants document is not what its schema says; the pointers of its violations are into the document. */
export class GrantsUnusable extends GatewayError {
  override readonly name = 'GrantsUnusable';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(`the grants document has violations: ${violations.map(({ message }) => message).join('; ')}`);
    this.violations = violations;
  }
}

/** Checks a grants document and lower-cases its ids. Throws GrantsUnusable with all violations. */
export const parseGrants = (document: unknown): Grants => {
  const { data, violations } = checked(grantsDocument, document);
  if (data === undefined) throw new GrantsUnusable(violations.map(inDocument));
  return data;
};

/** The same for the text of a file, which may begin with a byte order mark. Throws SyntaxError, too. */
export const readGrants = (text: string): Grants => parseGrants(JSON.parse(withoutByteOrderMark(text)));

/** The words for violations are written for bodies of requests. */
const inDocument = (violation: Violation): Violation => ({
  ...violation,
  message: violation.message
    .replace(/^the body must/, 'the document must')
    .replace('is not a member that PingOne documents', 'is not a member of a grants document'),
});
