import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Problem } from '../problems.ts';
import type { Provision, ProvisionRequest } from '../provision/request.ts';
import { processBatch } from './batch.ts';
import { deadLetter, type FailureParts, fail } from './failure.ts';
import { type Message, readMessage, Unreadable } from './message.ts';
import { type MessageIntake, requestOf } from './message-request.ts';
import type { OpenOutbox } from './outbox.ts';
import { created, type OutcomeSubject } from './outcome.ts';

export interface QueueDoor extends MessageIntake, Omit<FailureParts, 'publish'> {
  readonly provision: Provision;
  readonly outbox: OpenOutbox;
}

/** The door for one message. */
type MessageDoor = Omit<QueueDoor, 'outbox'> & FailureParts;

/** Time reserved before Lambda stops the function, in milliseconds: calls to PingOne end, then the outcome is published. */
const answerBeforeMs = 8_000;

/** Time reserved after the last call to AWS, in milliseconds. */
const endBeforeMs = 1_000;

/**
 * The queue door of one endpoint. Returns the messages of a batch that SQS must redeliver; each other message has its
 * outcome published on the bus, or is in the dead-letter queue, before SQS deletes it.
 */
export const queueHandler =
  (door: QueueDoor) =>
  async (event: Partial<SQSEvent> | null, context: Context): Promise<SQSBatchResponse> => {
    const records = event?.Records;
    if (!Array.isArray(records)) {
      door.log('info', {
        ignored: 'the event has no Records, so SQS did not send it; it may be a console test event',
      });
      return { batchItemFailures: [] };
    }
    const end = door.now() + context.getRemainingTimeInMillis();
    return processBatch(door, records, (record, publish) => processMessage({ ...door, publish }, record, end));
  };

/** Whether SQS may delete a message; `end` is when Lambda stops the function, in milliseconds since the epoch. */
const processMessage = async (door: MessageDoor, record: SQSRecord, end: number): Promise<boolean> => {
  try {
    return await provisionFor(door, record, readMessage(record, door.endpoint), end);
  } catch (error) {
    if (error instanceof Unreadable) return deadLetter(door, record, error, end - endBeforeMs);
    throw error;
  }
};

const provisionFor = async (door: MessageDoor, record: SQSRecord, message: Message, end: number): Promise<boolean> => {
  const deadline = end - endBeforeMs;
  let request: ProvisionRequest | undefined;
  try {
    request = await requestOf(message, record, door, end - answerBeforeMs);
    const outcome = await door.provision(request, end - answerBeforeMs);
    await door.publish(door.endpoint, 'Created', created(subjectOf(door, record, message, request), outcome), deadline);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return fail(door, record, error, subjectOf(door, record, message, request), deadline);
  }
};

const subjectOf = (
  { now }: MessageDoor,
  record: SQSRecord,
  message: Message,
  request: ProvisionRequest | undefined,
): OutcomeSubject => ({
  arrivalID: 'event' in message ? message.event.id : message.accepted.arrivalID,
  requestID: request?.requestID,
  sourceEventID: 'event' in message ? message.event.id : undefined,
  idempotencyKey: request?.key,
  parameters: { ...request?.parameters },
  requestedAt:
    'event' in message ? message.event.time : new Date(Number(record.attributes.SentTimestamp)).toISOString(),
  finishedAt: new Date(now()).toISOString(),
});
