import { eventSources } from '../../../lib/contract.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { requestQueue } from '../../deployment.ts';
import type { Aws } from '../aws/aws.ts';
import type { AddressedQueue } from '../aws/sqs/sqs.ts';

/** The one bus that carries requests and outcomes. */
export const eventBusName = 'pingone-provisioner';

export interface EndpointQueues {
  readonly queue: AddressedQueue;
  readonly deadLetters: AddressedQueue;
}

/** Gives an endpoint its queue and dead-letter queue, and the rule that brings it the bus's requests. */
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

/** What the outcomes of all endpoints are told by. */
export const outcomePattern = { source: [eventSources.outcome] };
