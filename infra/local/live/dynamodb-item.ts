import { isRecord } from '../loopback/json.ts';

/** The members of an item, or the values of an expression, as DynamoDB's JSON has them. */
export const plainItem = (item: unknown): Readonly<Record<string, unknown>> =>
  isRecord(item) ? Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)])) : {};

const plain = (value: unknown): unknown => {
  if (!isRecord(value)) return undefined;
  if ('N' in value) return Number(value.N);
  if ('L' in value) return Array.isArray(value.L) ? value.L.map(plain) : [];
  return 'M' in value ? plainItem(value.M) : (value.S ?? value.BOOL);
};
