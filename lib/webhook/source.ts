import * as z from 'zod/mini';
import { sourceName } from '../grants/principal-schema.ts';

const header = z.string().check(z.regex(/^[a-z\d-]{1,64}$/i, 'must be the name of a header'));

/** In the order of the signed bytes; each placeholder but the last is followed by a separator. */
const composition = z
  .string()
  .check(
    z.regex(
      /^[\w.:|;,=-]{0,32}(?:\{(?:MESSAGE_ID|TIMESTAMP)\}[.:|;,]{1,3}){0,2}\{BODY\}$/,
      'must end in {BODY}; {MESSAGE_ID} and {TIMESTAMP} may precede it, each followed by a separator such as "."',
    ),
  );

/** One configurable HMAC, with the option names of EventBridge's webhook event sources. */
const hmac = {
  scheme: z.literal('hmac'),
  algorithm: z.enum(['SHA256', 'SHA384', 'SHA512']),
  /** Of the signature in its header; letters of HEX are lower case. */
  encoding: z.enum(['HEX', 'BASE64']),
  /** Of each secret; with BASE64 a leading `whsec_` is ignored. */
  secretEncoding: z.enum(['UTF8', 'BASE64']),
  signatureHttpHeader: header,
  /** The text before each signature: `sha256=`. */
  signaturePrefix: z.optional(z.string().check(z.maxLength(32))),
  /** The separator of several signatures in the header; without it there is one. */
  delimiter: z.optional(z.string().check(z.minLength(1), z.maxLength(3))),
  /** The header with the id, if the id is signed. */
  messageIdHttpHeader: z.optional(header),
  /** The header with the time in seconds since the epoch, if the time is signed. */
  timestampHttpHeader: z.optional(header),
  /** The signed bytes: `{MESSAGE_ID}.{TIMESTAMP}.{BODY}`, or less. */
  signedMessageComposition: composition,
};

export type Hmac = z.output<z.ZodMiniObject<typeof hmac>>;

const placeholders = { messageIdHttpHeader: '{MESSAGE_ID}', timestampHttpHeader: '{TIMESTAMP}' } as const;

/** A header counts only if its value is signed. */
const signsItsHeaders = z.superRefine((source: Scheme, context) => {
  if (source.scheme === 'standard') return;
  for (const [setting, placeholder] of Object.entries(placeholders)) {
    const count = source.signedMessageComposition.split(placeholder).length - 1;
    const isNamed = setting in source;
    if (count === (isNamed ? 1 : 0)) continue;
    const message = isNamed
      ? `must have ${placeholder} once, since ${setting} is set`
      : `must not have ${placeholder} without ${setting}`;
    context.addIssue({ code: 'custom', path: ['signedMessageComposition'], message });
  }
});

const secret = {
  /** The name or ARN of the secret in Secrets Manager with the keys: `{ "secrets": ["…"] }`. */
  secret: z.string().check(z.minLength(1), z.maxLength(2048)),
  /** The KMS key that encrypts the secret, if that is not Secrets Manager's own. */
  secretKeyArn: z.optional(z.string().check(z.regex(/^arn:[\w-]+:kms:/, 'must be an ARN of kms'))),
};

/** A source of webhooks. */
export const source = z
  .discriminatedUnion('scheme', [
    // Standard Webhooks 1.0.
    z.strictObject({ scheme: z.literal('standard'), ...secret }),
    z.strictObject({ ...hmac, ...secret }),
  ])
  .check(signsItsHeaders);

/** The sources of a stage, by their names. */
export const sources = z.record(sourceName, source);

export type Source = z.output<typeof source>;

/** How a source signs. */
export type Scheme = { readonly scheme: 'standard' } | Hmac;

/** Standard Webhooks 1.0, symmetric, as settings of the other scheme. */
const standard: Hmac = {
  scheme: 'hmac',
  algorithm: 'SHA256',
  encoding: 'BASE64',
  secretEncoding: 'BASE64',
  signatureHttpHeader: 'webhook-signature',
  signaturePrefix: 'v1,',
  delimiter: ' ',
  messageIdHttpHeader: 'webhook-id',
  timestampHttpHeader: 'webhook-timestamp',
  signedMessageComposition: '{MESSAGE_ID}.{TIMESTAMP}.{BODY}',
};

export const hmacOf = (source: Scheme): Hmac => (source.scheme === 'standard' ? standard : source);
