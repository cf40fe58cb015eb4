import * as z from 'zod/mini';
import { isReservedSource } from '../contract.ts';

const text = z.string().check(z.minLength(1));
const account = z.string().check(z.regex(/^\d{12}$/, 'must be an AWS account id: 12 digits'));

/** OpenID Connect requires https; the local run's issuer is on the loopback interface. */
const isIssuer = (value: string): boolean =>
  URL.canParse(value) && /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$))/.test(value);

const only = (...names: string[]) =>
  z.refine<object>((value) => names.filter((name) => name in value).length === 1, {
    error: `must have exactly one of ${names.join(', ')}`,
    params: { code: 'REQUIRED_VALUE' },
  });

/** The name of a source of webhooks, which is also the last part of its URL. */
export const sourceName = z
  .string()
  .check(z.regex(/^[a-z][a-z\d-]{0,31}$/, 'must be kebab case, at most 32 characters'));

/** An identity that AWS, a token issuer or a signature authenticates. */
export const principal = z
  .strictObject({
    /** A session of an IAM role. */
    iam: z.optional(
      z.strictObject({
        account,
        /** The role's name without its path, which the ARNs of its sessions lack. */
        role: z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/, "must be a role's name, without its path")),
      }),
    ),
    /** The holder of an access token. */
    jwt: z.optional(
      z
        .strictObject({
          /** `iss`, exactly. */
          issuer: z.string().check(
            z.refine(isIssuer, {
              error: 'must be an https URL (http only on the loopback interface)',
            }),
          ),
          /** `client_id` or `azp` of a client that acts for itself: `sub` is absent or equal. */
          client: z.optional(text),
          /** `sub` of a user that a client acts for. */
          subject: z.optional(text),
        })
        .check(only('client', 'subject')),
    ),
    /** A sender of events with this source from this account; the bus policy decides who may use the source. */
    event: z.optional(
      z.strictObject({
        account,
        source: text.check(
          z.refine((source) => !isReservedSource(source), {
            error: 'must not begin with "aws." or "pingone.provisioner"',
          }),
        ),
      }),
    ),
    /** A source of signed webhooks: a name that the stage's settings give it. */
    webhook: z.optional(sourceName),
  })
  .check(only('iam', 'jwt', 'event', 'webhook'));
