import { endpoints } from '../../../lib/endpoints/index.ts';
import { likelyMeant } from '../../../lib/validation/violations.ts';
import { eventBusName } from '../gateway/endpoint-queues.ts';
import type { PutEvent } from './observation.ts';

/** The reason why an event reached no queue, and the remedy. */
export const undeliveredProblem = ({ bus, type, source, error }: PutEvent) => {
  if (error !== undefined)
    return { title: 'The bus refused the event', detail: error, remedy: 'Correct the entry and put it again.' };
  const title = 'No rule took the event';
  const types: readonly string[] = endpoints.map(({ event }) => event);
  if (bus !== eventBusName)
    return {
      title,
      detail: `The event went to the bus ${bus}, which has no rule for it.`,
      remedy: `Put it on the bus \`${eventBusName}\`.`,
    };
  if (types.includes(type))
    return {
      title,
      detail: `The source ${source} is the gateway’s own: its events are outcomes.`,
      remedy: 'Use a source of your own.',
    };
  const meant = likelyMeant(type, types);
  return {
    title,
    detail: `No rule takes events of the type ${type}.`,
    remedy: meant === undefined ? `Use the \`detail-type\` ${types.join(' or ')}.` : `Did you mean ${meant}?`,
  };
};
