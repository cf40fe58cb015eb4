import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../lib/runtime/clock.ts';
import type { Arrival } from '../loopback/loopback.ts';

/**
 * Called when a create begins to wait on the clock (`held`), and when it goes on; a create that is never answered waits
 * to its end. Nothing is said to a caller that is known to have gone, but one may have gone unseen.
 */
export type OnHold = (headers: IncomingHttpHeaders, held: boolean) => void;

/** The only way to wait in the sandbox. */
export interface Waiting {
  readonly now: () => number;
  /** Ends after some milliseconds, whether the caller is still there or not; never after `close`. */
  wait(arrival: Arrival, milliseconds: number): Promise<void>;
  /** Says that this create will never be answered. */
  hang(arrival: Arrival): void;
  /** Calls off all that waits. */
  close(): void;
}

export const createWaiting = (clock: Clock, onHold: OnHold): Waiting => {
  const pending = new Set<() => void>();
  const tell = ({ headers, over }: Arrival, held: boolean): void => {
    if (!over.aborted) onHold(headers, held);
  };

  return {
    now: clock.now,
    wait: (arrival, milliseconds) =>
      new Promise((resolve) => {
        tell(arrival, true);
        const callOff = clock.after(milliseconds, () => {
          pending.delete(callOff);
          tell(arrival, false);
          resolve();
        });
        pending.add(callOff);
      }),
    hang: (arrival) => tell(arrival, true),
    close: () => {
      for (const callOff of pending) callOff();
      pending.clear();
    },
  };
};
