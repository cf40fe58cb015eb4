import { endpoints } from '../../../lib/endpoints/index.ts';
import { likelyMeant } from '../../../lib/validation/violations.ts';
import { eventBusName } from '../gateway/endpoint-queues.ts';
import type { PutEvent } from './observation.ts';

/** The reason why an event reached no queue, and the remedy. */
export const undeliveredProblem = (event: PutEvent) => {
  const { error } = event;
  if (error !== undefined)
    return { title: 'The bus refused the event', detail: error, remedy: 'Correct the entry and put it again.' };
  const [detail, remedy] = unmatched(event);
  return { title: 'No rule took the event', detail, remedy };
};

const unmatched = ({ bus, type, source }: PutEvent): readonly [detail: string, remedy: string] => {
  const types: readonly string[] = endpoints.map((endpoint) => endpoint.event);
  if (bus !== eventBusName)
    return [`The event went to the bus ${bus}, which has no rule for it.`, `Put it on the bus \`${eventBusName}\`.`];
  if (types.includes(type))
    return [`The source ${source} is the gateway’s own: its events are outcomes.`, 'Use a source of your own.'];
  const meant = likelyMeant(type, types);
  const remedy = meant === undefined ? `Use the \`detail-type\` ${types.join(' or ')}.` : `Did you mean ${meant}?`;
  return [`No rule takes events of the type ${type}.`, remedy];
};
