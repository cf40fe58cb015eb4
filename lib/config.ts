import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Endpoint } from './endpoints/endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { unpackGrants } from './grants/packed.ts';
import { defaultTimings } from './provision/timings.ts';

const text = z.string().check(z.minLength(1));

const milliseconds = z.pipe(z.string().check(z.regex(/^(?:0|[1-9]\d{0,5})$/)), z.transform(Number));

const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));

const endpoint = z.pipe(
  z.string(),
  z.transform((name, context): Endpoint => {
    const found = byName.get(name);
    if (found) return found;
    context.issues.push({ code: 'invalid_value', values: [...byName.keys()], input: name });
    return z.NEVER;
  }),
);

/** Read at start: a function whose grants cannot be read does not start. */
const grants = z.pipe(
  text,
  z.transform((file) => unpackGrants(readFileSync(file, 'utf8'))),
);

/**
 * The environment variables of every function that creates. The input type is the deployment's; parsed, `ENDPOINT` is the
 * endpoint and `GRANTS_FILE` the grants.
 */
const createEnvironment = {
  /** Name of the function's one endpoint. */
  ENDPOINT: endpoint,
  /** Name or ARN of the secret with the worker application's credentials. */
  PINGONE_SECRET_ID: text,
  /** The DynamoDB table of the ledger. */
  LEDGER_TABLE: text,
  /** The endpoint's queue. */
  QUEUE_URL: z.url(),
  /** The queue of pending deployments, if the endpoint needs one, and how long one waits for others. */
  DEPLOY_QUEUE_URL: z.optional(z.url()),
  DEPLOY_DELAY_MS: z._default(milliseconds, 15_000),
  /** The file with the packed grants; `grants.json` is beside the bundle, in Lambda's working directory. */
  GRANTS_FILE: grants,
  /** Whether to refuse or forward members that PingOne doesn't document. */
  UNKNOWN_MEMBERS: z._default(z.enum(['refuse', 'forward']), 'refuse'),
  /** Time-out of one call to PingOne, in milliseconds. */
  PINGONE_TIMEOUT_MS: z._default(milliseconds, defaultTimings.attempt),
  /** How long after its own 500 or 503 PingOne may still list a create, in milliseconds. */
  GRACE_ANSWERED_MS: z._default(milliseconds, defaultTimings.graceAnswered),
  /** How long after a lost answer PingOne may still list a create, in milliseconds. */
  GRACE_LOST_MS: z._default(milliseconds, defaultTimings.graceLost),
  /** How long an equal request without a key gets the first one's resource, in milliseconds; 0 turns this off. */
  KEYLESS_REPLAY_MS: z._default(milliseconds, defaultTimings.keylessReplay),
};

/** The roles of which a caller's token needs one, separated by spaces; by default it needs none. */
const TOKEN_ROLES = z._default(
  z.pipe(
    text,
    z.transform((roles): readonly string[] => roles.split(' ')),
  ),
  [],
);

/** The page that explains problem codes: a problem's `type` is this URL and `#CODE`. */
const DOCS_URL = z.url();

export const httpEnvironment = z.object({ ...createEnvironment, TOKEN_ROLES, DOCS_URL });

// Lazy, like every schema that a first HTTP request doesn't need: making a schema slows the cold start.
export const queueEnvironment = z.lazy(() =>
  z.object({
    ...createEnvironment,
    /** The queue for unreadable and unresolved messages. */
    DEAD_LETTER_QUEUE_URL: z.url(),
    /** The bus for outcomes. */
    EVENT_BUS_NAME: text,
  }),
);

/** The environment of the function that looks up PingOne environments. */
export const lookupEnvironment = z.lazy(() => {
  const { PINGONE_SECRET_ID, GRANTS_FILE, PINGONE_TIMEOUT_MS } = createEnvironment;
  return z.object({ PINGONE_SECRET_ID, GRANTS_FILE, PINGONE_TIMEOUT_MS, TOKEN_ROLES, DOCS_URL });
});

/** The environment of the function for webhooks. */
export const webhookEnvironment = z.lazy(() => {
  const { LEDGER_TABLE, GRANTS_FILE, UNKNOWN_MEMBERS } = createEnvironment;
  return z.object({
    LEDGER_TABLE,
    GRANTS_FILE,
    UNKNOWN_MEMBERS,
    DOCS_URL,
    /** JSON: the settings of each source (`lib/webhook/source.ts`), by its name. */
    WEBHOOKS: text,
    /** JSON: the queue of each endpoint, by the endpoint's name. */
    QUEUE_URLS: text,
  });
});

/** The environment of the function that reads. */
export const readEnvironment = z.lazy(() => {
  const { ENDPOINT, PINGONE_SECRET_ID, GRANTS_FILE, PINGONE_TIMEOUT_MS } = createEnvironment;
  return z.object({ ENDPOINT, PINGONE_SECRET_ID, GRANTS_FILE, PINGONE_TIMEOUT_MS, TOKEN_ROLES, DOCS_URL });
});

const deploying = () => {
  const { ENDPOINT, PINGONE_SECRET_ID, LEDGER_TABLE, GRANTS_FILE, PINGONE_TIMEOUT_MS } = createEnvironment;
  return { ENDPOINT, PINGONE_SECRET_ID, LEDGER_TABLE, GRANTS_FILE, PINGONE_TIMEOUT_MS };
};

/** The environment of the function that deploys on call. */
export const deployEnvironment = z.lazy(() => z.object({ ...deploying(), TOKEN_ROLES, DOCS_URL }));

/** The environment of the function that deploys from the queue of pending deployments. */
export const deployQueueEnvironment = z.lazy(() => {
  const { QUEUE_URL } = createEnvironment;
  return z.object({ ...deploying(), QUEUE_URL, DEAD_LETTER_QUEUE_URL: z.url(), EVENT_BUS_NAME: text });
});

export const statusEnvironment = z.lazy(() =>
  z.object({ LEDGER_TABLE: text, GRANTS_FILE: grants, TOKEN_ROLES, DOCS_URL }),
);

/** The environment of the function that counts open requests. */
export const gaugeEnvironment = z.object({ LEDGER_TABLE: text });

/** The environment of the function for requests that the API does not offer. */
interface NotOfferedEnvironment {
  /** Methods and paths of the API, for a person. */
  readonly OFFERED: string;
  readonly DOCS_URL: string;
}

export type HttpEnvironment = z.input<typeof httpEnvironment>;
export type QueueEnvironment = z.input<typeof queueEnvironment>;

/** The environment of each function, by its file name in `functions/`: a missing variable fails the type check. */
export interface Environments {
  readonly http: HttpEnvironment;
  readonly queue: QueueEnvironment;
  readonly read: z.input<typeof readEnvironment>;
  readonly deploy: z.input<typeof deployEnvironment>;
  readonly 'environment-lookup': z.input<typeof lookupEnvironment>;
  readonly webhook: z.input<typeof webhookEnvironment>;
  readonly 'deploy-queue': z.input<typeof deployQueueEnvironment>;
  readonly 'request-status': z.input<typeof statusEnvironment>;
  readonly 'not-offered': NotOfferedEnvironment;
  readonly 'open-requests': z.input<typeof gaugeEnvironment>;
}
