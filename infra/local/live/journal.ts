import type { Observations } from './observation.ts';
import { isSettled } from './outcome.ts';
import { mergeRows, type Row } from './row.ts';

/** Number of settled requests that are retained. */
export const maximumSettled = 100;

/** The requests that came in, in the order of their arrival, and the ids that name each of them. */
export const createJournal = () => {
  const rows = new Map<string, Row>();
  /** Each id that names a request -> id of its row. */
  const rowIDs = new Map<string, string>();
  let changed = new Set<string>();
  let count = 0;

  const find = (id: string | undefined): Row | undefined => rows.get(rowIDs.get(id ?? '') ?? '');

  const name = ({ id }: Row, ids: readonly (string | undefined)[]): void => {
    for (const each of ids) if (each !== undefined) rowIDs.set(each, id);
  };

  const remove = (removed: readonly Row[]): void => {
    const ids = new Set(removed.map(({ id }) => id));
    for (const id of ids) {
      rows.delete(id);
      changed.add(id);
    }
    for (const [id, rowID] of rowIDs) if (ids.has(rowID)) rowIDs.delete(id);
  };

  /** Replaces two rows of one request by one; the older keeps its place. */
  const merge = (own: Row, known: Row): void => {
    const [older, younger] = own.number < known.number ? [own, known] : [known, own];
    mergeRows(older, younger, known);
    for (const [id, rowID] of rowIDs) if (rowID === younger.id) rowIDs.set(id, older.id);
    rows.delete(younger.id);
    changed.add(older.id).add(younger.id);
    if (younger.number === count) count--;
  };

  return {
    rows: (): readonly Row[] => [...rows.values()],
    count: (): number => count,
    find,

    /** Makes all of these ids name the row of the first that names one, or else a new row. */
    open: (ids: readonly (string | undefined)[], created: Pick<Row, 'id' | 'at' | 'endpoint'>): void => {
      const known = find(ids.find(find));
      const row: Row = known ?? { ...created, number: ++count, attempts: [], steps: [], messages: [] };
      if (!known) changed.add(row.id);
      rows.set(row.id, row);
      name(row, ids);
    },

    /** Changes the row that an id names, if there is one. */
    change: (id: string | undefined, act: (row: Row) => void): void => {
      const row = find(id);
      if (row === undefined) return;
      act(row);
      changed.add(row.id);
    },

    /** Makes `other` name the row that an id names, if there is one. */
    alias: (id: string, other: string): void => {
      const row = find(id);
      if (row) rowIDs.set(other, row.id);
    },

    /** Assigns the row that `id` names to a request of the ledger. */
    link: (id: string | undefined, request: string): void => {
      const [own, known] = [find(id), find(request)];
      if (own === undefined) return;
      if (known !== undefined && known !== own) {
        merge(own, known);
        return;
      }
      name(own, [request]);
      if (own.request !== request) Object.assign(own, { request, item: undefined });
      changed.add(own.id);
    },

    /** Removes all settled requests, or the oldest of them above `maximum`. */
    removeSettled: (maximum = 0): void => {
      const settled = rows.size > maximum ? [...rows.values()].filter(isSettled) : [];
      if (settled.length > maximum) remove(settled.slice(0, settled.length - maximum));
    },

    /** The rows that changed, and the ids of the removed rows, since the last call. */
    takeChanges: (): { readonly rows: readonly Row[]; readonly gone: readonly string[] } => {
      const ids = [...changed];
      changed = new Set();
      return { rows: ids.flatMap((id) => rows.get(id) ?? []), gone: ids.filter((id) => !rows.has(id)) };
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;

/** For each observed action, its change of the journal. */
export type Observers<Type extends keyof Observations = keyof Observations> = {
  readonly [Each in Type]: (journal: Journal, observation: Observations[Each], at: number) => void;
};
