import type { Clock } from '../../lib/runtime/clock.ts';

/** A clock that only `pass` moves. */
export const manualClock = (start = Date.parse('2030-01-02T03:04:05.678Z')) => {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly act: () => void }>();
  const clock: Clock = {
    now: () => now,
    after: (milliseconds, act) => {
      const timer = { at: now + milliseconds, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    for (const timer of timers) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.act();
    }
  };
  return { clock, pass, waiting: () => timers.size };
};
