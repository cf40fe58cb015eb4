import type { Change } from '../../../lib/ledger/table.ts';
import { type Condition, parseCondition } from './condition.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A change of an item; without a condition it is always made. */
export type AnyChange = Omit<Change, 'condition'> & { readonly condition: string | undefined };

/** Applies a change to an item as DynamoDB's UpdateItem does: the item after it, or undefined where its condition fails. */
export const applyChange = (key: string, before: Item | undefined, change: AnyChange): Item | undefined => {
  const { set = {}, initial = {}, remove = [], condition, values = {}, names = {} } = change;
  if (!meets(before, { condition, names, values: { ...set, ...initial, ...values } })) return undefined;

  const after: Record<string, unknown> = { pk: key, ...before };
  const assigned = [...Object.keys(set), ...Object.keys(initial)];
  if (new Set([...assigned, ...remove]).size < assigned.length + remove.length)
    throw new Error(`a change of ${key} names a member twice`);
  for (const [name, value] of Object.entries(set)) after[names[name] ?? name] = present(value, name);
  for (const [name, value] of Object.entries(initial)) after[names[name] ?? name] ??= present(value, name);
  for (const name of remove) delete after[names[name] ?? name];
  return after;
};

const conditions = new Map<string, Condition>();

/** Whether an item, which may be absent, meets the condition of a write. */
export const meets = (
  item: Item = {},
  { condition, names = {}, values = {} }: Pick<AnyChange, 'condition' | 'names' | 'values'>,
): boolean => {
  if (condition === undefined) return true;
  const holds = conditions.get(condition) ?? parseCondition(condition);
  conditions.set(condition, holds);
  return holds({ item, names, values });
};

const present = (value: unknown, name: string): unknown => {
  if (value === undefined) throw new Error(`${name} is set to nothing`);
  return value;
};
