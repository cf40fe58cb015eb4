import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { type Fault, Problem } from '../errors.ts';
import { faultsIn } from '../faults.ts';
import { fingerprintOf, identified } from '../identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseJson } from '../parse-json.ts';
import type { ProvisionRequest } from '../provision/provision.ts';
import { type Message, type RequestEvent, Unreadable } from './message.ts';

/** What the detail of a request event has beside the endpoint's path parameters. */
export const detail = z.looseObject({
  version: z.literal('1'),
  idempotencyKey: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  body: z.unknown(),
});

export interface RequestChecks {
  readonly endpoint: Endpoint;
  readonly ledger: Ledger;
  readonly unknownMembers: 'refuse' | 'forward';
}

/** Who an event is from: the account is EventBridge's word, and the bus policy pins each source to its senders. */
export const senderOf = ({ account, source }: RequestEvent): string => `${account} ${source}`;

/** Turns a message into a request that has passed the endpoint's schemas. Throws Problem, or Unreadable. */
export const requestOf = (message: Message, record: SQSRecord, checks: RequestChecks): Promise<ProvisionRequest> =>
  'event' in message ? eventRequest(message.event, record, checks) : acceptedRequest(message.accepted, checks);

const eventRequest = async (
  event: RequestEvent,
  record: SQSRecord,
  { endpoint, unknownMembers }: RequestChecks,
): Promise<ProvisionRequest> => {
  // The whole text again, for what JSON.parse passes over: numbers that it changes, and `__proto__`.
  parseJson(record.body);
  const parsed = z.safeParse(detail, event.detail);
  const { version: _, idempotencyKey, body, ...parameters } = parsed.data ?? {};
  const faults = parsed.success
    ? [...faultsIn(endpoint.parameters, parameters), ...inBody(faultsIn(endpoint.body, body, unknownMembers))]
    : faultsIn(detail, event.detail);
  if (faults.length > 0) throw new Problem('INVALID_DATA', 'The event breaks rules of its endpoint.', { faults });
  const checked = z.parse(endpoint.parameters, parameters);
  return {
    endpoint,
    parameters: checked,
    body: z.parse(z.record(z.string(), z.unknown()), body),
    correlation: { transactionID: event.id },
    ...identified(senderOf(event), endpoint, checked, idempotencyKey, event.id),
    // A delivery that is repeated must find its own request again, so that it joins no other.
    keyless: false,
  };
};

/** Pointers are into the event's detail. */
const inBody = (faults: readonly Fault[]): Fault[] =>
  faults.map((fault) => ({ ...fault, pointer: `/body${fault.pointer ?? ''}` }));

const acceptedRequest = async (
  { requestID, arrivalID, parameters, body }: Extract<Message, { accepted: unknown }>['accepted'],
  { endpoint, ledger }: RequestChecks,
): Promise<ProvisionRequest> => {
  const item = await ledger.read(requestID);
  if (!item || item.fingerprint !== fingerprintOf(body)) {
    throw new Unreadable('NO_EVENT', 'The message is not what was accepted under its id.');
  }
  return {
    endpoint,
    parameters,
    body,
    correlation: { transactionID: arrivalID },
    requestID,
    caller: item.caller,
    arrivalID: item.arrivalID,
    keyless: false,
    key: item.key,
    fromQueue: true,
  };
};
