import type { Change } from '../../../lib/ledger/table.ts';
import { type Condition, parseCondition } from './condition.ts';

export type Item = Readonly<Record<string, unknown>>;

/** Applies a change to an item as DynamoDB's UpdateItem does: the item after it, or undefined where its condition fails. */
export const applyChange = (key: string, before: Item | undefined, change: Change): Item | undefined => {
  const { set = {}, initial = {}, remove = [], inherit = {}, add = {}, condition, values = {}, names = {} } = change;
  if (!meets(before, { condition, names, values: { ...set, ...initial, ...add, ...values } })) return undefined;

  const after: Record<string, unknown> = { pk: key, ...before };
  const assigned = [...Object.keys(set), ...Object.keys(initial), ...Object.keys(add)];
  if (new Set([...assigned, ...remove]).size < assigned.length + remove.length)
    throw new Error(`a change of ${key} names a member twice`);
  for (const [name, value] of Object.entries(set))
    after[names[name] ?? name] = before?.[inherit[name] ?? ''] ?? present(value, name);
  for (const [name, value] of Object.entries(initial)) after[names[name] ?? name] ??= present(value, name);
  for (const [name, number] of Object.entries(add)) {
    const at = names[name] ?? name;
    after[at] = Number(after[at] ?? 0) + number;
  }
  for (const name of remove) delete after[names[name] ?? name];
  return after;
};

const conditions = new Map<string, Condition>();

/** Whether an item, which may be absent, meets the condition of a write. */
export const meets = (
  item: Item = {},
  { condition, names = {}, values = {} }: Pick<Change, 'condition' | 'names' | 'values'>,
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
