import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Aws } from '../aws/aws.ts';
import type { AddressedQueue } from '../aws/sqs/sqs.ts';

/** The one bus that carries requests and outcomes. */
export const eventBusName = 'pingone-provisioner';

/** The source of every outcome; no request comes from there. */
const outcomeSource = 'pingone.provisioner';

/** Six times the 60 s that the function may take, as AWS advises. */
const sixTimesTheFunctions = 360;

/** Waiting goes by visibility timeouts, which count as receives. */
const maxReceiveCount = 100;

export interface EndpointQueues {
  readonly queue: AddressedQueue;
  readonly deadLetters: AddressedQueue;
}

/** Gives an endpoint its queue and dead-letter queue, and the rule that brings it the bus's requests. */
export const createEndpointQueues = (
  { sqs, events }: Pick<Aws, 'sqs' | 'events'>,
  endpoint: Endpoint,
  visibilityTimeoutSeconds = sixTimesTheFunctions,
): EndpointQueues => {
  const { name, event } = endpoint;
  const deadLetters = sqs.createQueue({ name: `${name}-dead-letters`, visibilityTimeoutSeconds });
  const deadLetter = { queue: deadLetters, maxReceiveCount };
  const queue = sqs.createQueue({ name, visibilityTimeoutSeconds, deadLetter });
  const pattern = { source: { 'anything-but': [outcomeSource] }, 'detail-type': [event] };
  events.addRule({ bus: eventBusName, pattern, target: queue });
  return { queue, deadLetters };
};

/** What the outcomes of all endpoints are told by. */
export const outcomePattern = { source: [outcomeSource] };
