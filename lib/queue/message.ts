import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type AcceptedRequest, acceptedRequest } from '../intake/accepted-request.ts';
import { GatewayError } from '../problems.ts';
import { withoutByteOrderMark } from '../validation/parse-json.ts';

/** Thrown for a message that is neither an event for this endpoint nor an accepted request; `code` is the reason. */
export class Unreadable extends GatewayError {
  override readonly name = 'Unreadable';
  readonly code: 'NOT_JSON' | 'NO_EVENT' | 'OTHER_EVENT';

  constructor(code: Unreadable['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** An EventBridge event as a rule delivers it. `checkedEvent` validates its detail. */
const envelope = z.object({
  id: z.string().check(z.minLength(1)),
  source: z.string().check(z.minLength(1)),
  account: z.string(),
  time: z.string(),
  'detail-type': z.string(),
  detail: z.unknown(),
});

export type RequestEvent = z.output<typeof envelope>;

export type Message = { readonly event: RequestEvent } | { readonly accepted: AcceptedRequest };

/** Parses a message: an event for this endpoint's create, or a request accepted over HTTP. @throws Unreadable */
export const readMessage = ({ body }: SQSRecord, endpoint: Endpoint): Message => {
  const value = parse(body);
  const accepted = z.safeParse(acceptedRequest, value);
  if (accepted.success) return { accepted: accepted.data };
  const event = z.safeParse(envelope, value);
  if (!event.success) throw new Unreadable('NO_EVENT', 'The message is not an EventBridge event.');
  if (event.data['detail-type'] !== endpoint.event) {
    throw new Unreadable('OTHER_EVENT', `The detail-type of the event is not ${endpoint.event}.`);
  }
  return { event: event.data };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(withoutByteOrderMark(text));
  } catch {
    // Without a cause: V8's message quotes the text.
    throw new Unreadable('NOT_JSON', 'The message is not JSON.');
  }
};
