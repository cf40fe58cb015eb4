import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventSources } from '../contract.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { PendingDeployments } from '../ledger/pending-deployments.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/within.ts';
import type { PendingDeploymentMessage } from './pending-deployment-message.ts';
import { serviceOf } from './service.ts';

/** The deployment that a created resource waits for. */
export type PendingDeployment = Omit<PendingDeploymentMessage, 'source' | 'number'>;

/**
 * Counts a pending deployment and sends its delayed message, before the request is closed: so no crash forgets it.
 * Returns its number.
 * @throws LedgerUnavailable, Problem QUEUE_UNAVAILABLE
 */
export type AddPendingDeployment = (pending: PendingDeployment, deadline: number) => Promise<number>;

export interface PendingDeploymentParts {
  readonly endpoint: Endpoint;
  readonly pendingDeployments: (deadline: number) => PendingDeployments;
  readonly sqs: SQSClient;
  /** Absent if the endpoint needs no deployment. */
  readonly queueUrl: string | undefined;
  /** How long a deployment waits for further creates, in milliseconds. */
  readonly delayMs: number;
  readonly clock: Clock;
}

export const pendingDeploymentMessage = (pending: Omit<PendingDeploymentMessage, 'source'>): string =>
  JSON.stringify({ source: eventSources.pendingDeployment, ...pending });

export const addPendingDeploymentWith = (parts: PendingDeploymentParts): AddPendingDeployment | undefined => {
  const { endpoint, pendingDeployments, sqs, queueUrl: QueueUrl, delayMs, clock } = parts;
  if (QueueUrl === undefined) return undefined;
  const DelaySeconds = Math.ceil(delayMs / 1000);
  return async (pending, deadline) => {
    const service = serviceOf(endpoint, pending.parameters);
    const number = await pendingDeployments(deadline).add(service.path, pending.caller, clock.now());
    const MessageBody = pendingDeploymentMessage({ ...pending, number });
    const command = new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal })).catch((cause) => {
      throw new Problem('QUEUE_UNAVAILABLE', 'The deployment could not be queued; retry with the same key.', { cause });
    });
    return number;
  };
};
