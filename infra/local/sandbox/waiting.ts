import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../lib/runtime/clock.ts';
import type { Arrival } from '../loopback/loopback.ts';

/**
 * Called when a create begins to wait on the clock (`held`) and when it continues; a create without an answer waits to the
 * end. Not called if the caller is known to have disconnected.
 */
export type OnHold = (headers: IncomingHttpHeaders, held: boolean) => void;

/** The only waits of the sandbox, on its clock. */
export const createWaiting = (clock: Clock, onHold: OnHold) => {
  const pending = new Set<() => void>();
  const report = ({ headers, over }: Arrival, held: boolean): void => {
    if (!over.aborted) onHold(headers, held);
  };

  return {
    now: clock.now,
    /** Ends after some milliseconds, even if the caller has disconnected; never after `close`. */
    wait: (arrival: Arrival, milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        report(arrival, true);
        const cancel = clock.after(milliseconds, () => {
          pending.delete(cancel);
          report(arrival, false);
          resolve();
        });
        pending.add(cancel);
      }),
    /** Marks a create that gets no answer. */
    hang: (arrival: Arrival): void => report(arrival, true),
    /** Cancels all waits. */
    close: (): void => {
      for (const callOff of pending) callOff();
      pending.clear();
    },
  };
};

export type Waiting = ReturnType<typeof createWaiting>;
