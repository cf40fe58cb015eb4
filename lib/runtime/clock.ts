/** Time, as a parameter: tests let it pass at will. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Acts once after some milliseconds; what it returns calls that off. */
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
