import { isDeepStrictEqual } from 'node:util';
import type { Observers } from './journal.ts';
import { addAttempt, addStep } from './row.ts';

/** Changes of the journal by the queues. */
export const observeQueues: Observers<'delivered' | 'queues'> = {
  delivered: (journal, { deliveries, invocation, endpoint }, at) => {
    for (const { arrival, message, receives, body } of deliveries) {
      // The invocation of a larger batch names no single request.
      const ids = [arrival, message, ...(deliveries.length === 1 ? [invocation] : [])];
      const text = receives > 1 ? `Delivered to the function, receive ${receives}` : 'Delivered to the function';
      journal.open(ids, { id: arrival, at, endpoint });
      journal.change(arrival, (row) => {
        addStep(row, { at, part: 'queue', text, tone: 'plain' });
        addAttempt(row, { id: `${message}#${receives}`, arrival, door: 'queue', at, invocation, body });
      });
    }
  },

  /** Gives each row its messages of all that are in the queues. */
  queues: (journal, { messages }, at) => {
    for (const { id, ids, endpoint } of messages) journal.open([...ids, id], { id: ids[0] ?? id, at, endpoint });
    const byRow = Map.groupBy(messages, ({ id }) => journal.find(id)?.id);
    for (const { id, messages: before } of journal.rows()) {
      const own = byRow.get(id) ?? [];
      if (isDeepStrictEqual(own, before)) continue;
      journal.change(id, (row) => {
        row.messages = own;
        const dead = own.find((message) => message.isDead && !before.some((each) => each.id === message.id));
        const text = `Moved to the dead-letter queue: ${dead?.code}`;
        if (dead) addStep(row, { at, part: 'queue', text, tone: 'bad' });
      });
    }
  },
};
