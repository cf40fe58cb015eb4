import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { describeError, type Log } from '../logger.ts';
import type { Provision, ProvisionRequest } from '../provision/provision.ts';
import { type Message, readMessage, Unreadable } from './message.ts';
import { created, failed } from './outcome.ts';
import type { Publish } from './publish.ts';
import type { Queues } from './queues.ts';
import { type RequestChecks, requestOf } from './request.ts';

export interface QueueDoor extends RequestChecks {
  readonly provision: Provision;
  readonly publish: Publish;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long before Lambda stops the function a request's outcome is due, in milliseconds: it must still be told. */
const answerBeforeMs = 8_000;

/** How long a request may stay unresolved before a person has to look, in milliseconds. */
const giveUpAfterMs = 6 * 3_600_000;

const longestWaitMs = 15 * 60_000;

/** SQS moves a message to the dead letters after 100 receives: 20 quick ones and 72 in the rest of six hours are fewer. */
const quickReceives = 20;
const slowWaitMs = 5 * 60_000;

/**
 * The queue door of one endpoint: a batch of SQS messages in, those that must come again out. Every other message has
 * had its outcome told on the bus, or is in the dead-letter queue, before it is acknowledged.
 */
export const queueHandler =
  (door: QueueDoor) =>
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const Records = recordsOf(event);
    if (!Records) {
      door.log('info', {
        ignored: 'the event has no Records, so it is not from SQS; a console test event, for example',
      });
      return { batchItemFailures: [] };
    }
    const deadline = door.clock.now() + context.getRemainingTimeInMillis() - answerBeforeMs;
    const done = await Promise.all(Records.map((record) => handled(door, record, deadline)));
    return {
      batchItemFailures: Records.filter((_, index) => !done[index]).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  };

/** The records of an SQS event; undefined for a test event. */
const recordsOf = (event: Partial<SQSEvent> | null): SQSRecord[] | undefined =>
  Array.isArray(event?.Records) ? event.Records : undefined;

/** Whether a message is done with. Never throws: one message must not fail its batch. */
const handled = async (door: QueueDoor, record: SQSRecord, deadline: number): Promise<boolean> => {
  try {
    return await handle(door, record, deadline);
  } catch (error) {
    door.log('error', { message: record.messageId, error: describeError(error) });
    return false;
  }
};

const handle = async (door: QueueDoor, record: SQSRecord, deadline: number): Promise<boolean> => {
  const message = await read(door, record);
  if (!message) return true;
  let request: ProvisionRequest | undefined;
  try {
    request = await requestOf(message, record, door);
    const outcome = await door.provision(request, deadline);
    await door.publish(door.endpoint, 'Created', created(about(door, record, message, request), outcome));
    return true;
  } catch (error) {
    if (error instanceof Unreadable) return bury(door, record, error);
    if (!(error instanceof Problem)) throw error;
    return end(door, record, error, about(door, record, message, request));
  }
};

const read = async (door: QueueDoor, record: SQSRecord): Promise<Message | undefined> => {
  try {
    return readMessage(record, door.endpoint);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    await bury(door, record, error);
    return undefined;
  }
};

const bury = async (
  { queues, log }: QueueDoor,
  record: SQSRecord,
  { code, message }: Unreadable | Problem,
): Promise<true> => {
  await queues.bury(record, message, code);
  log('error', { buried: record.messageId, code });
  return true;
};

/** Tells a rejection; lets what may still end well come again, for six hours. */
const end = async (door: QueueDoor, record: SQSRecord, problem: Problem, told: Told): Promise<boolean> => {
  const { endpoint, publish, queues, clock, log } = door;
  log(problem.isRetryable ? 'warn' : 'info', { message: record.messageId, error: describeError(problem) });
  const { resource } = problem.facts;
  if (problem.code === 'RESOURCE_GONE' && resource !== undefined) {
    await publish(endpoint, 'Created', created(told, { how: 'replayed', id: resource, text: '' }));
    return true;
  }
  if (!problem.isRetryable) {
    await publish(endpoint, 'Rejected', failed(told, 'Rejected', problem));
    return true;
  }
  const { ApproximateFirstReceiveTimestamp, ApproximateReceiveCount } = record.attributes;
  if (clock.now() - Number(ApproximateFirstReceiveTimestamp) >= giveUpAfterMs) {
    await publish(endpoint, 'Unresolved', failed(told, 'Unresolved', problem));
    return bury(door, record, problem);
  }
  await queues.postpone(record, waitBefore(Number(ApproximateReceiveCount), problem.facts.retryAfterMs));
  return false;
};

/** As long as is asked for, or ever longer; and after some tries so long that six hours don't use up the receives. */
const waitBefore = (receives: number, askedMs = Math.min(longestWaitMs, 1_000 * 2 ** receives)): number =>
  receives > quickReceives ? Math.max(askedMs, slowWaitMs) : askedMs;

type Told = Parameters<typeof created>[0];

const about = (
  { clock }: QueueDoor,
  record: SQSRecord,
  message: Message,
  request: ProvisionRequest | undefined,
): Told => ({
  requestID: request?.requestID,
  sourceEventID: 'event' in message ? message.event.id : undefined,
  idempotencyKey: request?.key,
  parameters: { ...request?.parameters },
  requestedAt:
    'event' in message ? message.event.time : new Date(Number(record.attributes.SentTimestamp)).toISOString(),
  finishedAt: new Date(clock.now()).toISOString(),
});
