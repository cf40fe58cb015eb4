import type { SQSRecord } from 'aws-lambda';
import { eventSender } from '../grants/authenticated.ts';
import type { AcceptedRequest } from '../intake/accepted-request.ts';
import { traceOf } from '../intake/correlation.ts';
import { admit, type Intake, readmit } from '../intake/intake.ts';
import type { RequestItem } from '../ledger/items.ts';
import type { LedgerBy } from '../ledger/ledger.ts';
import { fingerprintOf } from '../provision/identity.ts';
import { rejected } from '../provision/replay.ts';
import type { ProvisionRequest } from '../provision/request.ts';
import { checkedEvent } from './checked-event.ts';
import { type Message, type RequestEvent, Unreadable } from './message.ts';

export interface MessageIntake extends Intake {
  readonly ledger: LedgerBy;
  readonly unknownMembers: 'refuse' | 'forward';
}

/** Turns a message into a request that the endpoint's schemas and the caller's grants allow. @throws Problem, Unreadable */
export const requestOf = (
  message: Message,
  record: SQSRecord,
  intake: MessageIntake,
  deadline: number,
): Promise<ProvisionRequest> =>
  'event' in message
    ? eventRequest(message.event, record, intake, deadline)
    : acceptedRequest(message.accepted, record, intake, deadline);

const eventRequest = async (
  event: RequestEvent,
  record: SQSRecord,
  intake: MessageIntake,
  deadline: number,
): Promise<ProvisionRequest> => {
  const { parameters, body, idempotencyKey } = checkedEvent(event, record.body, intake);
  return admit(intake, {
    parameters,
    body,
    arrivalID: event.id,
    correlation: { transactionID: event.id },
    origin: originOf(record, intake.now()),
    sender: eventSender(event),
    key: idempotencyKey,
    redelivery: { mayHaveBeenSent: async (requestID) => isOpen(await intake.ledger(deadline).read(requestID)) },
  });
};

const isOpen = (item: RequestItem | undefined): boolean => item?.state === 'sending' || item?.state === 'unknown';

const acceptedRequest = async (
  { requestID, arrivalID, body }: AcceptedRequest,
  record: SQSRecord,
  intake: MessageIntake,
  deadline: number,
): Promise<ProvisionRequest> => {
  const ledger = intake.ledger(deadline);
  const item = await ledger.read(requestID);
  if (!item || item.fingerprint !== fingerprintOf(body)) {
    // The key may have another body by now: then this is a redelivery whose answer is recorded.
    const final = await ledger.finalAnswer(requestID, arrivalID);
    if (final) throw rejected(final);
    throw new Unreadable('NO_EVENT', 'The message differs from the request accepted under its id.');
  }
  const { caller, key, parameters } = item;
  return readmit(intake, {
    parameters,
    body,
    arrivalID,
    correlation: { transactionID: arrivalID },
    origin: originOf(record, intake.now()),
    requestID,
    caller,
    key,
  });
};

const originOf = ({ attributes }: SQSRecord, now: number) =>
  ({
    door: 'queue',
    trace: traceOf(attributes.AWSTraceHeader),
    receives: Number(attributes.ApproximateReceiveCount),
    waitingMs: now - Number(attributes.ApproximateFirstReceiveTimestamp),
  }) as const;
