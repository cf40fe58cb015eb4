import * as z from 'zod/mini';
import { grantsFile } from './deployable-grants.ts';
import { account, endpointName, host, text } from './setting.ts';
import { auth } from './stage-auth.ts';
import { operators } from './stage-operators.ts';
import { senders } from './stage-senders.ts';
import { webhooks } from './stage-webhooks.ts';
import { unmatchedIn } from './unmatched-grants.ts';

const arn = (service: string) =>
  z.string().check(z.regex(new RegExp(`^arn:[\\w-]+:${service}:`), `must be an ARN of ${service}`));
const positive = z.int().check(z.positive());
const milliseconds = z.int().check(z.positive(), z.maximum(999_999));

const imported = z.strictObject({
  import: z.strictObject({
    /** Its name in this account and region. */
    name: text,
    /** The KMS key that it is encrypted with, where that is a customer's own. */
    keyArn: z.optional(arn('kms')),
  }),
});

/** Made by the stateful stack (`create`), or there already. */
const secret = z.union([z.literal('create'), imported]);

/** As a browser sends it (RFC 6454): API Gateway compares it letter by letter. */
const origin = z.url({ protocol: /^https?$/ }).check(
  z.refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: 'must be an origin: scheme, host and port in lower case, with no path and no slash at its end',
  }),
);

/** All that differs between deployments. */
export const stage = z
  .strictObject({
    /** Where to deploy; by default the account of the credentials that `cdk deploy` finds. */
    account: z.optional(account),
    /** The region to deploy to; required with IAM callers or a customer key. */
    region: z.optional(text),
    /** Whether real provisioning depends on it: protects both stacks from `cdk destroy`. */
    production: z.boolean(),
    /** What becomes of ledger, secrets and key when their stack is destroyed or they leave it. */
    removal: z.enum(['retain', 'destroy']),
    /** Whether ledger, created secrets, queues, alarm topic and logs get a KMS key of this account; else AWS's own keys. */
    customerKey: z._default(z.boolean(), false),

    /** The worker application's credentials, for reads of environments and every endpoint that `endpointSecrets` doesn't name. */
    secret,
    /** Worker applications of single endpoints. */
    endpointSecrets: z._default(z.partialRecord(endpointName, secret), {}),
    /** The table that remembers what became of each request. */
    ledger: z._default(z.union([z.literal('create'), imported]), 'create'),

    /** The kinds of callers over HTTP: `jwt`, `iam`, or both. Required. */
    auth,
    /** Who may ask for what: a JSON file, seen from the stage's file. A revocation is a change of it and a deployment. */
    grants: grantsFile,
    /**
     * Principals for each duty of the runbook; each duty has a role. Required with `production`; without it each
     * principal of this account may do each duty that an administrator allows to assume its role.
     */
    operators: z.optional(operators),
    /** Requests per second that API Gateway lets through, on average and at once. PingOne limits too: see its 429s. */
    throttling: z.strictObject({ rate: positive, burst: positive }),
    /** Browser origins that may call; none by default. */
    cors: z.optional(z.strictObject({ origins: z.array(origin).check(z.minLength(1)) })),
    /** A host name of yours in place of API Gateway's; point its DNS at the output `CustomDomainTarget`. */
    domain: z.optional(z.strictObject({ name: host, certificateArn: arn('acm') })),

    /** Sources of signed webhooks, by their names; `lib/webhook/WEBHOOKS.md` explains them. None by default. */
    webhooks: z._default(webhooks, {}),

    /** The bus of requests and outcomes: made here, or one of this account and region by ARN. */
    bus: z._default(z.union([z.literal('create'), z.strictObject({ arn: arn('events') })]), 'create'),
    /** Who may ask by event. */
    senders,
    /** How many invocations each queue function may have at a time: AWS takes no less than 2. */
    queueConcurrency: z._default(z.int().check(z.minimum(2), z.maximum(1000)), 2),
    /** How long outcome events can be replayed. */
    archiveDays: z._default(positive, 90),

    /** How long PingOne may take, in milliseconds; the defaults are in `lib/provision/timings.ts`. */
    timings: z._default(
      z.strictObject({
        /** To answer one call. A create needs as much before its deadline, 26 s after an HTTP request came. */
        attempt: z.optional(milliseconds.check(z.maximum(20_000))),
        /** To list a create after its own 500 or 503. */
        graceAnswered: z.optional(milliseconds),
        /** The same after an attempt whose answer was lost. */
        graceLost: z.optional(milliseconds),
        /** How long an equal request without a key gets the resource of the first one, in milliseconds; 0 turns it off. */
        keylessReplay: z.optional(z.int().check(z.minimum(0), z.maximum(999_999))),
        /** How long a deployment waits for further creates, in milliseconds; SQS delays 15 minutes at most. */
        deployDelay: z.optional(z.int().check(z.minimum(0), z.maximum(900_000))),
      }),
      {},
    ),
    /** What becomes of members that PingOne doesn't document. */
    unknownMembers: z._default(z.enum(['refuse', 'forward']), 'refuse'),
    /** Where you publish the explanations of problem codes: a problem's `type` is this and `#CODE`. */
    docsUrl: z._default(z.url(), 'urn:pingone-provisioner:problem'),
    /** Where you publish the runbook: alarms link to this and `#anchor`. */
    runbookUrl: z._default(z.url(), 'infra/aws/RUNBOOK.md'),
    /** Who gets alarms; AWS asks for confirmation by mail. More subscribers can be added to the topic. */
    alarmEmail: z.optional(z.email('must be a mail address')),
    /** How long logs are kept. */
    logRetentionDays: z._default(z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096]), 90),
  })
  .check(
    z.refine(({ customerKey, region }) => !customerKey || region !== undefined, {
      error: "is needed with customerKey: a table's replica names its key by region",
      path: ['region'],
    }),
    z.refine(({ production, operators }) => !production || operators !== undefined, {
      error: 'is required with production: name who may do each duty',
      path: ['operators'],
    }),
    z.superRefine((settings, context) => {
      for (const { pointer, message } of unmatchedIn(settings.grants, Date.now(), settings))
        context.addIssue({ code: 'custom', path: ['grants'], message: `can't be used: ${message} (${pointer})` });
    }),
    z.refine(({ auth, region }) => auth.every(({ type }) => type !== 'iam') || region !== undefined, {
      error: "is needed with IAM callers: their roles' names have it, which the grants know them by",
      path: ['region'],
    }),
  );

/** As a stage's file exports it: `infra/aws/examples` has two. */
export type StageSettings = z.input<typeof stage>;

/** A stage with its defaults applied. */
export type Stage = z.output<typeof stage>;

/** The settings of each function that answers callers over HTTP. */
export const callerSettings = ({ docsUrl, auth }: Stage) => ({
  DOCS_URL: docsUrl,
  /** The roles of which a caller's token needs one. */
  TOKEN_ROLES: auth.flatMap((kind) => (kind.type === 'jwt' ? kind.roles : [])).join(' ') || undefined,
});

export type SecretOrigin = z.output<typeof secret>;
export type LedgerOrigin = Stage['ledger'];
export type Operators = Stage['operators'];
