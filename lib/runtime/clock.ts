/** Time as a parameter, which tests control. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `act` once after some milliseconds; returns a function that cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

export const sleep = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
