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
export interface PendingDeployment {
  readonly requestID: string;
  readonly caller: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly resource: string;
}

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
  readonly queueUrl: string;
  /** How long a deployment waits for further creates, in milliseconds. */
  readonly delayMs: number;
  readonly clock: Clock;
}

export const pendingDeploymentMessage = (pending: Omit<PendingDeploymentMessage, 'source'>): string =>
  JSON.stringify({ source: eventSources.pendingDeployment, ...pending });

export const addPendingDeploymentWith =
  ({ endpoint, pendingDeployments, sqs, queueUrl, delayMs, clock }: PendingDeploymentParts): AddPendingDeployment =>
  async (pending, deadline) => {
    const service = serviceOf(endpoint, pending.parameters);
    if (!service) throw new Error(`${endpoint.name} needs no deployment`);
    const number = await pendingDeployments(deadline).add(service.path, pending.caller, clock.now());
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: pendingDeploymentMessage({ ...pending, parameters: { ...pending.parameters }, number }),
      DelaySeconds: Math.ceil(delayMs / 1000),
    });
    await within(clock, deadline, (abortSignal) => sqs.send(command, { abortSignal })).catch((cause) => {
      throw new Problem('QUEUE_UNAVAILABLE', 'The deployment could not be queued; retry with the same key.', { cause });
    });
    return number;
  };
