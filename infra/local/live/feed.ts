import { createJournal } from './journal.ts';
import type { Observation, QueuedMessage } from './observation.ts';
import { observe } from './observe.ts';
import type { Row } from './row.ts';
import { type View, viewOf } from './view.ts';

/** Everything in a first event, then each change. */
interface Update {
  readonly rows: readonly View[];
  /** Ids of removed rows. */
  readonly gone: readonly string[];
  /** Number of requests that came in. */
  readonly count: number;
  /** The sandbox's faults; undefined if they did not change, or if a real PingOne replaces the sandbox. */
  readonly faults?: unknown;
}

type SendUpdate = (event: 'all' | 'update', update: Update) => void;

/** Changes are collected this long before they are sent, in milliseconds. */
const intervalMs = 100;

/** Enters observations into a journal, and sends its changes to the open pages. */
export const createFeed = (messages: () => readonly QueuedMessage[], faults: () => unknown = () => undefined) => {
  const journal = createJournal();
  const subscribers = new Set<SendUpdate>();
  let sentFaults = '';
  let timer: NodeJS.Timeout | undefined;

  /** A defect of the live page must not fail the observed request. */
  const note = (observation: Observation): void => {
    try {
      observe(journal, observation, observation.at ?? Date.now());
    } catch (error) {
      console.error(error);
    }
  };

  const noteQueues = (): void => note({ type: 'queues', messages: messages() });

  const sendChanges = (): void => {
    noteQueues();
    const { rows, gone } = journal.takeChanges();
    const profile = JSON.stringify(faults()) ?? '';
    const isSame = profile === sentFaults;
    sentFaults = profile;
    if (rows.length === 0 && gone.length === 0 && isSame) return;
    const update = { rows: rows.map(viewOf), gone, count: journal.count(), ...(!isSame && { faults: faults() }) };
    for (const send of subscribers) send('update', update);
  };

  return {
    note,
    find: (id: string): Row | undefined => journal.find(id),
    views: (): readonly View[] => {
      noteQueues();
      return journal.rows().map(viewOf);
    },
    /** Removes the settled requests. */
    clear: (): void => note({ type: 'cleared' }),
    /** Sends everything, then each change, until the returned function is called. */
    subscribe: (send: SendUpdate): (() => void) => {
      sendChanges();
      send('all', { rows: journal.rows().map(viewOf), gone: [], count: journal.count(), faults: faults() });
      subscribers.add(send);
      timer ??= setInterval(sendChanges, intervalMs).unref();
      return () => {
        subscribers.delete(send);
        if (subscribers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
};

export type Feed = ReturnType<typeof createFeed>;
