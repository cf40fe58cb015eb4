import type { Clock } from '../../../../lib/runtime/clock.ts';

/** Receivers that wait for a message. */
export interface Waiting {
  /** Ends when `wake` is called, the signal is aborted, or some milliseconds are over; they may be infinite. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Lets all that wait look again. */
  wake(): void;
}

export const createWaiting = (clock: Clock): Waiting => {
  const waiting = new Set<() => void>();
  return {
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        const end = () => {
          waiting.delete(end);
          signal?.removeEventListener('abort', end);
          callOff();
          resolve();
        };
        // A timer that never acts would keep a virtual clock going.
        const callOff = Number.isFinite(milliseconds) ? clock.after(milliseconds, end) : () => {};
        waiting.add(end);
        signal?.addEventListener('abort', end);
      }),
    wake: () => {
      for (const end of [...waiting]) end();
    },
  };
};
