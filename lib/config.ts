import * as z from 'zod/mini';
import type { Endpoint } from './endpoints/endpoint.ts';
import { endpoints } from './endpoints/index.ts';

const text = z.string().check(z.minLength(1));

const milliseconds = z.pipe(z.string().check(z.regex(/^[1-9]\d{0,5}$/)), z.transform(Number));

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

/** The environment of the functions that create, as AWS gives it; its input type is that of the deployment's settings. */
export const createEnvironment = z.object({
  /** The name of the one endpoint that this function serves. */
  ENDPOINT: endpoint,
  /** Name or ARN of the secret that holds the worker application's credentials. */
  PINGONE_SECRET_ID: text,
  /** Where problem codes are explained: a problem's `type` is this and `#CODE`. */
  DOCS_URL: z.url(),
  /** What becomes of members that PingOne doesn't document. */
  UNKNOWN_MEMBERS: z._default(z.enum(['refuse', 'forward']), 'refuse'),
  /** How long one attempt at PingOne may take, in milliseconds. */
  PINGONE_TIMEOUT_MS: z._default(milliseconds, 8000),
});

export type CreateEnvironment = z.input<typeof createEnvironment>;
