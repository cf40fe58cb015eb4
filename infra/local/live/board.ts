import type { Fact, QueuedMessage } from './fact.ts';
import { emptyJournal, journalAfter, trimmed } from './journal.ts';
import type { Row } from './row.ts';
import { type View, viewOf } from './view.ts';

/** What the page is told: everything at first, then what has changed. */
export interface Update {
  readonly rows: readonly View[];
  /** Ids of rows that became part of another, or are kept no longer. */
  readonly gone: readonly string[];
  /** How many requests came in. */
  readonly count: number;
  /** How the sandbox fails; undefined where it has not changed, or a real PingOne takes its place. */
  readonly faults?: unknown;
}

export type Tell = (name: 'all' | 'update', update: Update) => void;

export interface BoardOptions {
  readonly messages: () => readonly QueuedMessage[];
  readonly profile?: (() => unknown) | undefined;
  readonly now?: () => number;
  /** How long changes are gathered before they are told, in milliseconds. */
  readonly everyMs?: number;
}

/** A fact without its time, or with the time that a function has logged. */
type Noted = Fact extends infer Each
  ? Each extends Fact
    ? Omit<Each, 'at'> & { readonly at?: number }
    : never
  : never;

/** Keeps the journal of the requests, and tells the pages that watch of every change. */
export const createBoard = ({ messages, profile, now = Date.now, everyMs = 100 }: BoardOptions) => {
  const watchers = new Set<Tell>();
  let journal = emptyJournal;
  let told = emptyJournal;
  let toldProfile = '';
  let timer: NodeJS.Timeout | undefined;

  /** What can't be shown must not fail what is watched. */
  const note = (fact: Noted): void => {
    try {
      journal = trimmed(journalAfter(journal, { at: now(), ...fact }));
    } catch (error) {
      console.error(error);
    }
  };

  const look = (): void => note({ type: 'queues', messages: messages() });

  const tellChanges = (): void => {
    look();
    const rows = [...journal.rows.values()].filter((row) => told.rows.get(row.id) !== row);
    const gone = [...told.rows.keys()].filter((id) => !journal.rows.has(id));
    const faults = profile?.();
    const text = JSON.stringify(faults) ?? '';
    const isSame = text === toldProfile;
    const isQuiet = rows.length === 0 && gone.length === 0 && isSame;
    [told, toldProfile] = [journal, text];
    if (isQuiet) return;
    const update = { rows: rows.map(viewOf), gone, count: journal.count, ...(!isSame && { faults }) };
    for (const watcher of watchers) watcher('update', update);
  };

  return {
    note,

    row: (id: string): Row | undefined => journal.rows.get(journal.owners.get(id) ?? ''),

    /** Everything, as it stands now. */
    views: (): readonly View[] => {
      look();
      return [...journal.rows.values()].map(viewOf);
    },

    /** Forgets the settled requests. */
    clear: (): void => note({ type: 'cleared' }),

    /** Tells everything, then what changes, until the function that it returns is called. */
    watch: (watcher: Tell): (() => void) => {
      tellChanges();
      watcher('all', {
        rows: [...journal.rows.values()].map(viewOf),
        gone: [],
        count: journal.count,
        faults: profile?.(),
      });
      watchers.add(watcher);
      timer ??= setInterval(tellChanges, everyMs).unref();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
};

export type Board = ReturnType<typeof createBoard>;
