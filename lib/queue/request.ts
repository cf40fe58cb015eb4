import type { SQSRecord } from 'aws-lambda';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { admit, admitCaller, type Right } from '../grants/admit.ts';
import { senderPrincipal } from '../grants/authenticated.ts';
import type { Grants } from '../grants/document.ts';
import type { AcceptedRequest } from '../intake/accepted-request.ts';
import { traceOf } from '../intake/correlation.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { LedgerBy } from '../ledger/ledger.ts';
import { newTally, reportAttempt } from '../provision/attempt-line.ts';
import { fingerprintOf, identified } from '../provision/identity.ts';
import { rejected } from '../provision/replay.ts';
import type { Origin, ProvisionRequest } from '../provision/request.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/logger.ts';
import { checkedEvent } from './checked-event.ts';
import { type Message, type RequestEvent, Unreadable } from './message.ts';

export interface RequestChecks {
  readonly endpoint: Endpoint;
  readonly grants: Grants;
  readonly ledger: LedgerBy;
  readonly unknownMembers: 'refuse' | 'forward';
  readonly clock: Clock;
  readonly log: Log;
}

/** Turns a message into a request that its endpoint's schemas and its caller's grants allow. Throws Problem, or Unreadable. */
export const requestOf = (
  message: Message,
  record: SQSRecord,
  checks: RequestChecks,
  deadline: number,
): Promise<ProvisionRequest> =>
  'event' in message
    ? eventRequest(message.event, record, checks, deadline)
    : acceptedRequest(message.accepted, record, checks, deadline);

const eventRequest = async (
  event: RequestEvent,
  record: SQSRecord,
  { endpoint, grants, ledger, unknownMembers, clock, log }: RequestChecks,
  deadline: number,
): Promise<ProvisionRequest> => {
  const begun = clock.now();
  const { asked, idempotencyKey } = checkedEvent(event, record, endpoint, unknownMembers);
  const { caller, right, denied } = admit(grants, senderPrincipal(event), asked, begun);
  const arrival = { ...asked, origin: originOf(record, right, begun), arrivalID: event.id };
  const requestBy = (name: string): ProvisionRequest => ({
    ...arrival,
    correlation: { transactionID: event.id },
    ...identified(name, endpoint, asked.parameters, idempotencyKey, event.id),
    // Redelivered, it must find its own request again, and so joins no other.
    keyless: false,
    redelivered: true,
    denied,
  });
  if (!denied) return requestBy(caller);
  if (caller !== undefined) {
    const request = requestBy(caller);
    if (mayHaveBeenSent(await ledger(deadline).read(request.requestID))) return request;
  }
  reportAttempt(log, { ...arrival, caller }, newTally(), clock.now() - begun, denied);
  throw denied;
};

/** What became of such a request is found out, whoever may not ask any more. */
const mayHaveBeenSent = (item: RequestItem | undefined): boolean =>
  item?.state === 'sending' || item?.state === 'unknown';

const acceptedRequest = async (
  { requestID, arrivalID, body }: AcceptedRequest,
  record: SQSRecord,
  { endpoint, grants, ledger, clock }: RequestChecks,
  deadline: number,
): Promise<ProvisionRequest> => {
  const item = await ledger(deadline).read(requestID);
  if (!item || item.fingerprint !== fingerprintOf(body)) {
    // Its key may be another body's by now: then the message is redelivered, and was answered.
    const final = await ledger(deadline).finalAnswer(requestID, arrivalID);
    if (final) throw rejected(final);
    throw new Unreadable('NO_EVENT', 'The message is not what was accepted under its id.');
  }
  const asked = { endpoint, parameters: item.parameters, body };
  // Once more: a grant may be gone since the request was accepted.
  const { right, denied } = admitCaller(grants, item.caller, asked, clock.now());
  return {
    ...asked,
    origin: originOf(record, right, clock.now()),
    correlation: { transactionID: arrivalID },
    requestID,
    caller: item.caller,
    arrivalID,
    keyless: false,
    key: item.key,
    redelivered: true,
    denied,
  };
};

const originOf = ({ attributes }: SQSRecord, right: Right, now: number): Origin => ({
  door: 'queue',
  trace: traceOf(attributes.AWSTraceHeader),
  receives: Number(attributes.ApproximateReceiveCount),
  waitingMs: now - Number(attributes.ApproximateFirstReceiveTimestamp),
  ...right,
});
