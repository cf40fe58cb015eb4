import { eventSources } from '../../../lib/contract.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { requestQueue } from '../../deployment.ts';
import type { Aws } from '../aws/aws.ts';
import type { AddressedQueue } from '../aws/sqs/sqs.ts';

/** The bus of requests and outcomes. */
export const eventBusName = 'pingone-provisioner';

export interface EndpointQueues {
  readonly queue: AddressedQueue;
  readonly deadLetters: AddressedQueue;
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
  return { queue, deadLetters };
};

/** Matches the outcomes of all endpoints. */
export const outcomePattern = { source: [eventSources.outcome] };
