import type { Clock } from '../../lib/runtime/clock.ts';

/**
 * A clock that stands still during any work and then jumps to the next timer, so that hours of time-outs and
 * waits pass in no time, always in the same order.
 */
export interface VirtualClock extends Clock {
  /** Marks real work until the promise settles. */
  during<Value>(work: Promise<Value>): Promise<Value>;
  /** Marks real work until the returned function is called. */
  begin(): () => void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** Real work goes from callback to callback through the event loop: after this many idle turns it is over. */
const idleTurns = 4;

export const virtualClock = (start = Date.UTC(2026, 0, 1)): VirtualClock => {
  let now = start;
  let order = 0;
  let busy = 0;
  let watching = false;
  const timers = new Set<Timer>();

  const next = (): Timer | undefined =>
    [...timers].reduce<Timer | undefined>(
      (first, timer) =>
        !first || timer.at < first.at || (timer.at === first.at && timer.order < first.order) ? timer : first,
      undefined,
    );

  const watch = () => {
    if (watching) return;
    watching = true;
    let idle = 0;
    const turn = () => {
      if (busy > 0) {
        watching = false;
        return;
      }
      if (++idle < idleTurns) {
        setImmediate(turn);
        return;
      }
      const timer = next();
      if (!timer) {
        watching = false;
        return;
      }
      idle = 0;
      timers.delete(timer);
      now = Math.max(now, timer.at);
      timer.act();
      setImmediate(turn);
    };
    setImmediate(turn);
  };

  const begin = () => {
    busy++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--busy === 0) watch();
    };
  };

  return {
    now: () => now,
    after: (milliseconds, act) => {
      const timer = { at: now + milliseconds, order: order++, act };
      // No timer is left to jump to.
      if (Number.isFinite(timer.at)) timers.add(timer);
      watch();
      return () => timers.delete(timer);
    },
    begin,
    during: (work) => work.finally(begin()),
  };
};
