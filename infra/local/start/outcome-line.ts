import { styleText } from 'node:util';
import type { BusEvent } from '../aws/event-bridge/event.ts';
import { isRecord } from '../loopback/json.ts';

/** One line about one outcome on the bus. */
export const outcomeLine = ({ 'detail-type': type, detail }: BusEvent): string =>
  ['BUS ', styleText(colourOf(type), type), ...shown(detail)].join(' ');

const colourOf = (type: string) => {
  if (type.endsWith('Created')) return 'green';
  return type.endsWith('Rejected') ? 'yellow' : 'red';
};

/** The result, then the ids of the request and its event. */
const shown = (detail: BusEvent['detail']): string[] => {
  const { resource, status, code, requestID, sourceEventID } = detail;
  const id = isRecord(resource) ? resource.id : undefined;
  const parts = [id, status, code, named('request', requestID), named('event', sourceEventID)];
  return parts.flatMap((part) => (part === undefined ? [] : [String(part)]));
};

const named = (name: string, value: unknown): string | undefined =>
  value === undefined ? undefined : styleText('dim', `${name} ${value}`);
