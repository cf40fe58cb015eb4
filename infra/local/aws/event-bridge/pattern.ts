import type { BusEvent } from './event.ts';

/** The events that a rule matches: each named field must match. */
export interface EventPattern {
  readonly source?: readonly string[] | { readonly 'anything-but': readonly string[] };
  readonly 'detail-type'?: readonly string[];
}

/** EventBridge's content filtering, with the operators that the gateway's rules use. */
export const matches = ({ source, 'detail-type': types }: EventPattern, event: BusEvent): boolean => {
  if (types !== undefined && !types.includes(event['detail-type'])) return false;
  if (source === undefined) return true;
  return 'anything-but' in source ? !source['anything-but'].includes(event.source) : source.includes(event.source);
};
