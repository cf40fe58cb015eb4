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

/** A function without grants it can read doesn't start. */
const grants = z.pipe(
  text,
  z.transform((file) => unpackGrants(readFileSync(file, 'utf8'))),
);

/** The environment of every function that creates, as AWS gives it; its input type is that of the deployment's settings. */
const createEnvironment = {
  /** The name of the one endpoint that this function serves. */
  ENDPOINT: endpoint,
  /** Name or ARN of the secret that holds the worker application's credentials. */
  PINGONE_SECRET_ID: text,
  /** The DynamoDB table that remembers what became of each request. */
  LEDGER_TABLE: text,
  /** The endpoint's queue. */
  QUEUE_URL: z.url(),
  /** The JSON file that says who may ask for what; `grants.json` lies beside the bundle, where Lambda starts it. */
  GRANTS_FILE: grants,
  /** What becomes of members that PingOne doesn't document. */
  UNKNOWN_MEMBERS: z._default(z.enum(['refuse', 'forward']), 'refuse'),
  /** Time-out of one call to PingOne, in milliseconds. */
  PINGONE_TIMEOUT_MS: z._default(milliseconds, defaultTimings.attempt),
  /** How long after its own 500 or 503 PingOne may still list a create, in milliseconds. */
  GRACE_ANSWERED_MS: z._default(milliseconds, defaultTimings.graceAnswered),
  /** The same after an attempt whose answer was lost. */
  GRACE_LOST_MS: z._default(milliseconds, defaultTimings.graceLost),
  /** How long an equal request without a key is answered with what the first one made, in milliseconds; 0 for never. */
  KEYLESS_REPLAY_MS: z._default(milliseconds, defaultTimings.keylessReplay),
};

/** Where problem codes are explained: a problem's `type` is this and `#CODE`. */
const DOCS_URL = z.url();

export const httpEnvironment = z.object({ ...createEnvironment, DOCS_URL });

// Lazy, like every schema that a first request through HTTP doesn't need: each takes its time at a cold start.
export const queueEnvironment = z.lazy(() =>
  z.object({
    ...createEnvironment,
    /** Where messages go that nobody can read, or that stay unresolved. */
    DEAD_LETTER_QUEUE_URL: z.url(),
    /** The bus that outcomes are told on. */
    EVENT_BUS_NAME: text,
  }),
);

export const statusEnvironment = z.lazy(() => z.object({ LEDGER_TABLE: text, GRANTS_FILE: grants, DOCS_URL }));

/** Of the function that counts open requests. */
export const gaugeEnvironment = z.object({ LEDGER_TABLE: text });

export type HttpEnvironment = z.input<typeof httpEnvironment>;
export type QueueEnvironment = z.input<typeof queueEnvironment>;
export type StatusEnvironment = z.input<typeof statusEnvironment>;
export type GaugeEnvironment = z.input<typeof gaugeEnvironment>;
