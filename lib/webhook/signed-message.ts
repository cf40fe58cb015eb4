import { Refused } from './refused.ts';
import { type Hmac, hmacOf, type Scheme } from './source.ts';

/** A webhook as it arrived; header names are lower case. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** The parts of a delivery that its signature is about. Nothing of it can be trusted before the signature is verified. */
export interface SignedMessage {
  /** The signed id; undefined if the source signs none. */
  readonly id: string | undefined;
  readonly isTimed: boolean;
  /** The signed bytes. */
  readonly content: Buffer;
  /** The values in the header of signatures, each with its prefix. */
  readonly signatures: readonly string[];
}

/** How far a signed time may be from ours, in seconds (Standard Webhooks, "Verifying signatures"). */
const toleranceSeconds = 300;

/** Reads the signed parts of a delivery; `now` is in milliseconds since the epoch. @throws Refused */
export const signedMessage = (scheme: Scheme, { headers, body }: Delivery, now: number): SignedMessage => {
  const source = hmacOf(scheme);
  // Without a delimiter there is one signature: no header contains a line feed.
  const { delimiter = '\n' } = source;
  const header = (name: string) => headers[name.toLowerCase()];
  const signature = header(source.signatureHttpHeader);
  if (!signature) throw new Refused('no-signature');
  const id = source.messageIdHttpHeader && signedID(source, header(source.messageIdHttpHeader));
  const time = source.timestampHttpHeader && signedTime(header(source.timestampHttpHeader), now);
  return {
    id,
    isTimed: time !== undefined,
    content: Buffer.concat([Buffer.from(beforeBody(source, id, time)), body]),
    signatures: signature.split(delimiter),
  };
};

/** An id with the separator that follows it could move the boundary between the signed parts. */
const signedID = (source: Hmac, id = ''): string => {
  const [, separator = ''] = /\{MESSAGE_ID\}([^{]+)/.exec(source.signedMessageComposition) ?? [];
  if (!/^[!-~]{1,255}$/.test(id) || id.includes(separator)) throw new Refused('invalid-id');
  return id;
};

const signedTime = (time = '', now: number): string => {
  if (!/^\d{1,12}$/.test(time)) throw new Refused('invalid-time');
  if (Math.abs(now / 1000 - Number(time)) > toleranceSeconds) throw new Refused('old-time');
  return time;
};

const beforeBody = ({ signedMessageComposition }: Hmac, id = '', time = ''): string =>
  signedMessageComposition
    .slice(0, -'{BODY}'.length)
    .replace(/\{(?:MESSAGE_ID|TIMESTAMP)\}/g, (placeholder) => (placeholder === '{TIMESTAMP}' ? time : id));
