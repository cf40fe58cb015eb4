import { isRecord, parseJson } from '../loopback/json.ts';
import type { AwsCall } from './aws-call.ts';
import type { Sighting } from './step.ts';

/** What a call of SQS says of a message's request. */
export const queueSighting = ({ operation, input, ok, invocation }: AwsCall): Sighting | undefined => {
  if (!isRecord(input)) return undefined;
  const queue = String(input.QueueUrl).split('/').at(-1) ?? '';
  const part = 'queue';
  const within = [invocation];
  if (!ok) return { ids: [], within, step: { part, text: `${operation} fails`, tone: 'bad' } };
  if (operation === 'ChangeMessageVisibility') {
    const text = `Comes again in ${Number(input.VisibilityTimeout)} s`;
    return { ids: [], within: [receiptOf(String(input.ReceiptHandle)), ...within], step: { part, text, tone: 'open' } };
  }
  if (operation !== 'SendMessage') return undefined;
  if (!queue.endsWith('-dead-letters')) {
    const body = parseJson(String(input.MessageBody));
    const ids = isRecord(body) && typeof body.requestID === 'string' ? [body.requestID] : [];
    return { ids, within, step: { part, text: `Put into ${queue}`, tone: 'plain', leadsToDelivery: true } };
  }
  const original = attributeIn(input, 'OriginalMessageId');
  const code = attributeIn(input, 'Code');
  const step = {
    part,
    text: `Moved to the dead letters: ${code}`,
    tone: 'bad',
    facts: { code, stateElse: 'failed' },
  } as const;
  return { ids: original === undefined ? [] : [messageOf(original)], within, step };
};

/** What one message of an invocation is known by. */
export const messageOf = (id: string): string => `message ${id}`;

export const receiptOf = (handle: string): string => `receipt ${handle}`;

const attributeIn = ({ MessageAttributes: all }: Record<string, unknown>, name: string): string | undefined => {
  const attribute = isRecord(all) ? all[name] : undefined;
  return isRecord(attribute) && typeof attribute.StringValue === 'string' ? attribute.StringValue : undefined;
};
