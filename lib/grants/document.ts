import * as z from 'zod/mini';
import { endpoints } from '../endpoints/index.ts';
import { GatewayError, type Violation } from '../problems.ts';
import { withoutByteOrderMark } from '../validation/parse-json.ts';
import { checked } from '../validation/violations.ts';
import { limitsFit, namesDiffer, principalsDiffer } from './document-rules.ts';
import { id, idOrAll, some } from './limits/limit.ts';
import { writtenLimits } from './limits/limits.ts';
import { principal } from './principal-schema.ts';

const name = z.string().check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters'));

type LimitSchemas = {
  readonly [Name in keyof typeof writtenLimits]: z.ZodMiniOptional<ReturnType<(typeof writtenLimits)[Name]['schema']>>;
};

/** Limits of a grant; `Object.fromEntries` forgets which member has which schema. */
const limits = Object.fromEntries(
  Object.entries(writtenLimits).map(([limit, { schema }]) => [limit, z.optional<z.core.$ZodType>(schema())]),
) as LimitSchemas;

const grant = z
  .strictObject({
    /** Its caller has no other of this name; the audit names it. */
    name,
    /** By their names. */
    endpoints: some(z.enum(endpoints.map((endpoint) => endpoint.name))),
    /** Ids of PingOne environments, or `*`: what is deployed has to name them. */
    environments: some(idOrAll()),
    /** Whether it is for production environments, too. */
    production: z.optional(z.boolean()),
    ...limits,
    /** The moment from which on it allows nothing. */
    expires: z.optional(
      z.iso.datetime({ offset: true, error: 'must be a date-time (RFC 3339) such as 2030-01-31T00:00:00Z' }),
    ),
  })
  .check(limitsFit(endpoints));

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
  nonProduction: z._default(z.array(id()), []),
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
