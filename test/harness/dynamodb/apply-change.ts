import type { Change } from '../../../lib/ledger/table.ts';
import { type Condition, parseCondition } from './condition.ts';

export type Item = Readonly<Record<string, unknown>>;

const conditions = new Map<string, Condition>();

/** Applies a change to an item as DynamoDB's UpdateItem does: the item after it, or undefined where its condition fails. */
export const applyChange = (
  key: string,
  before: Item | undefined,
  { set = {}, initial = {}, remove = [], condition, values = {}, names = {} }: Change,
): Item | undefined => {
  const holds = conditions.get(condition) ?? parseCondition(condition);
  conditions.set(condition, holds);
  const item = before ?? {};
  if (!holds({ item, names, values: { ...set, ...initial, ...values } })) return undefined;

  const after: Record<string, unknown> = { pk: key, ...item };
  const assigned = [...Object.keys(set), ...Object.keys(initial)];
  if (new Set([...assigned, ...remove]).size < assigned.length + remove.length)
    throw new Error(`a change of ${key} names a member twice`);
  for (const [name, value] of Object.entries(set)) after[names[name] ?? name] = present(value, name);
  for (const [name, value] of Object.entries(initial)) after[names[name] ?? name] ??= present(value, name);
  for (const name of remove) delete after[names[name] ?? name];
  return after;
};

const present = (value: unknown, name: string): unknown => {
  if (value === undefined) throw new Error(`${name} is set to nothing`);
  return value;
};
