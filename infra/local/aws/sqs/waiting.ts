import type { Clock } from '../../../../lib/runtime/clock.ts';

/** Receivers that wait for a message. */
export const createWaiting = (clock: Clock) => {
  const waiting = new Set<() => void>();
  return {
    /** Ends on `wake`, when the signal is aborted, or after some milliseconds, which may be infinite. */
    wait: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
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
    /** Lets all receivers look again. */
    wake: (): void => {
      for (const end of [...waiting]) end();
    },
  };
};
