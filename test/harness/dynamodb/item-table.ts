import type { Table } from '../../../lib/ledger/table.ts';
import { applyChange, type Item } from './apply-change.ts';

/** A ledger's table over items in memory, by their keys. No call fails. */
export const itemTable = (items: Pick<Map<string, Item | undefined>, 'get' | 'set'>): Table => ({
  read: async (key) => items.get(key),
  change: async (key, change) => {
    const after = applyChange(key, items.get(key), change);
    if (after) items.set(key, after);
    return after;
  },
});
