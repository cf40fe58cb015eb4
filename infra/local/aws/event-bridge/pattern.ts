import type { BusEvent } from './event.ts';

/** What a rule lets through: every field that it names must match. */
export interface EventPattern {
  readonly source?: readonly string[] | { readonly 'anything-but': readonly string[] };
  readonly 'detail-type'?: readonly string[];
}

/** EventBridge's content filtering, as far as our rules use it. */
export const matches = ({ source, 'detail-type': types }: EventPattern, event: BusEvent): boolean => {
  if (types !== undefined && !types.includes(event['detail-type'])) return false;
  if (source === undefined) return true;
  return 'anything-but' in source ? !source['anything-but'].includes(event.source) : source.includes(event.source);
};
