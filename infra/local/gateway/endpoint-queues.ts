import { eventSources } from '../../../lib/contract.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { deployQueue, requestQueue } from '../../deployment.ts';
import type { Aws } from '../aws/aws.ts';
import type { AddressedQueue } from '../aws/sqs/sqs.ts';

/** The bus of requests and outcomes. */
export const eventBusName = 'pingone-provisioner';

/** A queue and its dead-letter queue. */
export interface QueuePair {
  readonly queue: AddressedQueue;
  readonly deadLetters: AddressedQueue;
}

export interface EndpointQueues extends QueuePair {
  /** The queue of pending deployments, if the endpoint needs one. */
  readonly pendingDeployments?: QueuePair | undefined;
}

/** Creates an endpoint's queue and dead-letter queue, and the rule that brings its requests from the bus. */
export const createEndpointQueues = (
  { sqs, events }: Pick<Aws, 'sqs' | 'events'>,
  endpoint: Endpoint,
  visibilityTimeoutSeconds = requestQueue.visibilityTimeoutSeconds,
): EndpointQueues => {
  const { name, event } = endpoint;
  const deadLetters = sqs.createQueue({ name: `${name}-dead-letters`, visibilityTimeoutSeconds });
  const deadLetter = { queue: deadLetters, maxReceiveCount: requestQueue.maxReceiveCount };
  const queue = sqs.createQueue({ name, visibilityTimeoutSeconds, deadLetter });
  const pattern = { source: { 'anything-but': [eventSources.outcome] }, 'detail-type': [event] };
  events.addRule({ bus: eventBusName, pattern, target: queue });
  return { queue, deadLetters, pendingDeployments: endpoint.deployment && createPendingDeploymentQueue(sqs, name) };
};

const createPendingDeploymentQueue = (sqs: Aws['sqs'], name: string): QueuePair => {
  const { visibilityTimeoutSeconds, maxReceiveCount } = deployQueue;
  const deadLetters = sqs.createQueue({ name: `${name}-deploy-dead-letters`, visibilityTimeoutSeconds });
  const deadLetter = { queue: deadLetters, maxReceiveCount };
  return { queue: sqs.createQueue({ name: `${name}-deploy`, visibilityTimeoutSeconds, deadLetter }), deadLetters };
};

/** Matches the outcomes of all endpoints. */
export const outcomePattern = { source: [eventSources.outcome] };
