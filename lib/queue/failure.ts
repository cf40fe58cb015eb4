import type { SQSRecord } from 'aws-lambda';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { Problem } from '../problems.ts';
import { describeError, type Log, levelOf } from '../runtime/logger.ts';
import type { Unreadable } from './message.ts';
import { created, failed, type OutcomeSubject } from './outcome.ts';
import type { Publish } from './publish.ts';
import type { Queues } from './queues.ts';
import { redeliveryWaitMs } from './redelivery.ts';

export interface FailureParts {
  readonly endpoint: Endpoint;
  readonly publish: Publish;
  readonly queues: Queues;
  readonly now: () => number;
  readonly log: Log;
}

/** Age at which an unresolved request becomes a dead letter for an operator, in milliseconds. */
const giveUpAfterMs = 6 * 3_600_000;

/**
 * Publishes a final problem; postpones the message of a retryable problem for up to six hours. Returns whether SQS may
 * delete the message.
 */
export const fail = async (
  parts: FailureParts,
  record: SQSRecord,
  problem: Problem,
  subject: OutcomeSubject,
  deadline: number,
): Promise<boolean> => {
  const { endpoint, publish, queues, now, log } = parts;
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
    return deadLetter(parts, record, problem, deadline);
  }
  const waitMs = redeliveryWaitMs(Number(ApproximateReceiveCount), problem);
  await queues.postpone(record, Math.min(waitMs, restMs), deadline);
  return false;
};

/** Moves a message to the dead-letter queue; its original may then be deleted. */
export const deadLetter = async (
  { queues, log }: FailureParts,
  record: SQSRecord,
  { code, message }: Unreadable | Problem,
  deadline: number,
): Promise<true> => {
  await queues.deadLetter(record, message, code, deadline);
  // Only a warning: the dead-letter queue has its own alarm.
  log('warn', { deadLettered: record.messageId, code });
  return true;
};
