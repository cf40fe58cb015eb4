import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Problem } from '../problems.ts';
import type { Provision, ProvisionRequest } from '../provision/request.ts';
import { describeError, levelOf } from '../runtime/logger.ts';
import { type Message, readMessage, Unreadable } from './message.ts';
import { type MessageIntake, requestOf } from './message-request.ts';
import { created, failed, type OutcomeSubject } from './outcome.ts';
import type { Publish } from './publish.ts';
import type { Queues } from './queues.ts';

export interface QueueDoor extends MessageIntake {
  readonly provision: Provision;
  readonly publish: Publish;
  readonly queues: Queues;
}

/** Time reserved before Lambda stops the function, in milliseconds: calls to PingOne end, then the outcome is published. */
const answerBeforeMs = 8_000;

/** Time reserved after the last call to AWS, in milliseconds. */
const endBeforeMs = 1_000;

/** Age at which an unresolved request becomes a dead letter for an operator, in milliseconds. */
const giveUpAfterMs = 6 * 3_600_000;

const longestWaitMs = 15 * 60_000;

/** SQS dead-letters a message after 100 receives. 20 quick receives and 72 in the rest of six hours stay below that. */
const quickReceives = 20;
const slowWaitMs = 5 * 60_000;

/** When Lambda stops the function, in milliseconds since the epoch. */
type End = number;

/**
 * The queue door of one endpoint. Returns the messages of a batch that SQS must redeliver; each other message has its
 * outcome published on the bus, or is in the dead-letter queue, before SQS deletes it.
 */
export const queueHandler =
  (door: QueueDoor) =>
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const Records = recordsOf(event);
    if (!Records) {
      door.log('info', {
        ignored: 'the event has no Records, so SQS did not send it; it may be a console test event',
      });
      return { batchItemFailures: [] };
    }
    const end = door.now() + context.getRemainingTimeInMillis();
    const done = await Promise.all(Records.map((record) => handled(door, record, end)));
    return {
      batchItemFailures: Records.filter((_, index) => !done[index]).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  };

/** The records of an SQS event; undefined for a test event. */
const recordsOf = (event: Partial<SQSEvent> | null): SQSRecord[] | undefined =>
  Array.isArray(event?.Records) ? event.Records : undefined;

/** Whether SQS may delete a message. Never throws: one message must not fail its batch. */
const handled = async (door: QueueDoor, record: SQSRecord, end: End): Promise<boolean> => {
  try {
    return await handle(door, record, end);
  } catch (error) {
    door.log('error', { message: record.messageId, error: describeError(error) });
    return false;
  }
};

const handle = async (door: QueueDoor, record: SQSRecord, end: End): Promise<boolean> => {
  const message = await read(door, record, end);
  if (!message) return true;
  let request: ProvisionRequest | undefined;
  try {
    request = await requestOf(message, record, door, end - answerBeforeMs);
    const outcome = await door.provision(request, end - answerBeforeMs);
    const detail = created(subjectOf(door, record, message, request), outcome);
    await door.publish(door.endpoint, 'Created', detail, end - endBeforeMs);
    return true;
  } catch (error) {
    if (error instanceof Unreadable) return deadLetter(door, record, error, end);
    if (!(error instanceof Problem)) throw error;
    return finish(door, record, error, subjectOf(door, record, message, request), end);
  }
};

const read = async (door: QueueDoor, record: SQSRecord, end: End): Promise<Message | undefined> => {
  try {
    return readMessage(record, door.endpoint);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    await deadLetter(door, record, error, end);
    return undefined;
  }
};

const deadLetter = async (
  { queues, log }: QueueDoor,
  record: SQSRecord,
  { code, message }: Unreadable | Problem,
  end: End,
): Promise<true> => {
  await queues.deadLetter(record, message, code, end - endBeforeMs);
  // Only a warning: the dead-letter queue has its own alarm.
  log('warn', { deadLettered: record.messageId, code });
  return true;
};

/** Publishes a final problem; postpones the message of a retryable problem for up to six hours. */
const finish = async (
  door: QueueDoor,
  record: SQSRecord,
  problem: Problem,
  subject: OutcomeSubject,
  end: End,
): Promise<boolean> => {
  const { endpoint, publish, queues, now, log } = door;
  const deadline = end - endBeforeMs;
  log(levelOf(problem), { message: record.messageId, error: describeError(problem) });
  const { resource } = problem.facts;
  if (problem.code === 'RESOURCE_GONE' && resource !== undefined) {
    await publish(endpoint, 'Created', created(subject, { how: 'replayed', id: resource, text: '' }), deadline);
    return true;
  }
  if (!problem.isRetryable) {
    await publish(endpoint, 'Rejected', failed(subject, 'Rejected', problem), deadline);
    return true;
  }
  const { ApproximateFirstReceiveTimestamp, ApproximateReceiveCount } = record.attributes;
  const restMs = Number(ApproximateFirstReceiveTimestamp) + giveUpAfterMs - now();
  if (restMs <= 0) {
    await publish(endpoint, 'Unresolved', failed(subject, 'Unresolved', problem), deadline);
    return deadLetter(door, record, problem, end);
  }
  const waitMs = waitBefore(Number(ApproximateReceiveCount), problem);
  await queues.postpone(record, Math.min(waitMs, restMs), deadline);
  return false;
};

/**
 * Backs off exponentially, then slowly enough that six hours do not use up the receives. The wait for another attempt or
 * a grace period is known; a `Retry-After` of PingOne only lengthens the backoff.
 */
const waitBefore = (receives: number, { code, facts: { retryAfterMs: askedMs } }: Problem): number => {
  const backoffMs = Math.min(longestWaitMs, 1_000 * 2 ** receives);
  const isKnown = code === 'REQUEST_IN_PROGRESS' || code === 'OUTCOME_UNKNOWN';
  const waitMs = isKnown ? (askedMs ?? backoffMs) : Math.max(backoffMs, askedMs ?? 0);
  return receives > quickReceives ? Math.max(waitMs, slowWaitMs) : waitMs;
};

const subjectOf = (
  { now }: QueueDoor,
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
