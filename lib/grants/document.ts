import * as z from 'zod/mini';
import { endpoints } from '../endpoints/index.ts';
import { GatewayError, type Violation } from '../problems.ts';
import { withoutByteOrderMark } from '../validation/parse-json.ts';
import { checked } from '../validation/violations.ts';
import { deploysFit, limitsFit, namesDiffer, principalsDiffer, secretsAreRead } from './document-rules.ts';
import { id, idOrAll, some } from './limits/limit.ts';
import { writtenLimits } from './limits/limits.ts';
import { principal } from './principal-schema.ts';

/** What a caller may do with the resources of an endpoint. */
export const actions = ['create', 'read'] as const;

export type Action = (typeof actions)[number];

/** How a caller may deploy what it creates: by a call of its own, or after each create. */
export const deploys = ['call', 'after'] as const;

export type Deploys = (typeof deploys)[number];

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
    /** Unique among its caller's grants; the audit has this name. */
    name,
    /** Names of endpoints. */
    endpoints: some(z.enum(endpoints.map((endpoint) => endpoint.name))),
    /** What it allows; only `create` by default. */
    actions: z.optional(some(z.enum(actions))),
    /** Ids of PingOne environments, or `*`: a deployment must name its environments. */
    environments: some(idOrAll()),
    /** Whether it also covers production environments. */
    production: z.optional(z.boolean()),
    /** Whether a reader gets the values of properties, which are masked otherwise. */
    secrets: z.optional(z.boolean()),
    /** How it allows to deploy, which publishes everybody's edits; not at all by default. */
    deploy: z.optional(some(z.enum(deploys))),
    ...limits,
    /** The time from which it denies. */
    expires: z.optional(
      z.iso.datetime({ offset: true, error: 'must be a date-time (RFC 3339) such as 2030-01-31T00:00:00Z' }),
    ),
  })
  .check(limitsFit(endpoints), secretsAreRead, deploysFit(endpoints));

const caller = z.strictObject({
  /** The name in ledger and audit. A renamed caller is a new caller: its idempotency keys are forgotten. */
  name,
  /** Its identities: any of these. */
  principals: some(principal),
  /** Its permissions: one grant must allow the whole request. */
  grants: z.array(grant).check(namesDiffer),
});

const grantsDocument = z.strictObject({
  version: z.literal('1'),
  /** Ids of the PingOne environments that are not production; all others are. */
  nonProduction: z._default(z.array(id()), []),
  callers: z.array(caller).check(namesDiffer, principalsDiffer),
});

/** Callers and their grants; any other request is denied. */
export type Grants = z.output<typeof grantsDocument>;

/** A grants document as written. */
export type GrantsDocument = z.input<typeof grantsDocument>;

export type Caller = Grants['callers'][number];

export type Grant = z.output<typeof grant>;

/** Thrown when a grants document does not match its schema; the violations' pointers are into the document. */
export class GrantsUnusable extends GatewayError {
  override readonly name = 'GrantsUnusable';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(`the grants document has violations: ${violations.map(({ message }) => message).join('; ')}`);
    this.violations = violations;
  }
}

/** Checks a grants document and lower-cases its ids. @throws GrantsUnusable with all violations */
export const parseGrants = (document: unknown): Grants => {
  const { data, violations } = checked(grantsDocument, document);
  if (data === undefined) throw new GrantsUnusable(violations.map(inDocument));
  return data;
};

/** Parses the text of a grants file, which may begin with a byte order mark. @throws SyntaxError, GrantsUnusable */
export const readGrants = (text: string): Grants => parseGrants(JSON.parse(withoutByteOrderMark(text)));

/** Rewords violations, whose messages are for request bodies. */
const inDocument = (violation: Violation): Violation => ({
  ...violation,
  message: violation.message
    .replace(/^the body must/, 'the document must')
    .replace('is not a member that PingOne documents', 'is not a member of a grants document'),
});
