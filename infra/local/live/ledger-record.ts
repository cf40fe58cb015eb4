import type { LedgerRecord } from './step.ts';

/** What is shown of a request's item: no hash of a body, no key and no owner's token. */
const shown = [
  'state',
  'caller',
  'grant',
  'resource',
  'problem',
  'status',
  'codes',
  'createdAt',
  'updatedAt',
  'firstSent',
  'lastSent',
  'endedBy',
  'graceMs',
  'lease',
  'expires',
  'settledBy',
];

export const recordOf = (item: Readonly<Record<string, unknown>>): LedgerRecord =>
  Object.fromEntries(
    shown.flatMap((name) => {
      const value = shownValue(name, item[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const shownValue = (name: string, value: unknown): LedgerRecord[string] | undefined => {
  // In seconds, as DynamoDB's TTL wants it.
  if (name === 'expires' && typeof value === 'number') return value * 1000;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return Array.isArray(value) ? value.map(String) : undefined;
};
