import { endpoints } from '../../../lib/endpoints/index.ts';
import { isRecord, parseJson } from '../loopback/json.ts';
import { messageOf, receiptOf } from './queue-sightings.ts';
import type { Sighting } from './step.ts';

export interface Invoked {
  readonly id: string;
  /** Of the function. */
  readonly name: string;
  readonly event: unknown;
}

/** What the begin of an invocation says of the requests in it. */
export const invocationSightings = ({ id, name, event }: Invoked): readonly Sighting[] => {
  if (!isRecord(event)) return [];
  if (Array.isArray(event.Records)) {
    const own = event.Records.length === 1 ? [id] : [];
    return event.Records.filter(isRecord).map((record) => delivered(record, name, own));
  }
  const { requestContext } = event;
  if (!isRecord(requestContext) || typeof requestContext.requestId !== 'string') return [];
  const step = { part: 'function', text: `${name} runs`, tone: 'plain' } as const;
  return [{ ids: [requestContext.requestId, id], step }];
};

/** One message. What else happens in an invocation is its own where it is alone there. */
const delivered = (record: Readonly<Record<string, unknown>>, name: string, own: readonly string[]): Sighting => {
  const { messageId, receiptHandle, body, attributes } = record;
  const receives = isRecord(attributes) ? Number(attributes.ApproximateReceiveCount) : 1;
  const content = parseJson(String(body));
  const known = isRecord(content) ? [content.requestID, content.id].filter((id) => typeof id === 'string') : [];
  const time = receives === 1 ? '' : ` for the ${receives}. time`;
  return {
    ids: [...known, messageOf(String(messageId)), receiptOf(String(receiptHandle)), ...own],
    opens: true,
    step: {
      part: 'queue',
      text: `Delivered to ${name}${time}`,
      tone: 'plain',
      stage: 'received',
      ...(receives > 1 && { begins: true }),
      facts: { endpoint: endpoints.find((endpoint) => `${endpoint.name}-queue` === name)?.name },
    },
  };
};
