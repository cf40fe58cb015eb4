/** What was loaded, and until when (milliseconds since the epoch) it may be used. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly until: number;
}

export interface Cached<Value> {
  /** The value that is kept, or else one load for all who ask meanwhile. */
  get(): Promise<Value>;
  /** Begins to load what will be needed; a failure is forgotten, so that whoever needs the value tries again. */
  ahead(): void;
  /** Forgets this value if it is still the one that is kept: the first of many who saw it refused counts. */
  drop(value: Value): void;
}

/** Keeps a value until it expires; a failed load is remembered for a while, so that a broken source isn't hammered. */
export const cached = <Value>(
  load: () => Promise<Loaded<Value>>,
  now: () => number,
  keepFailureMs: (error: unknown) => number = () => 0,
): Cached<Value> => {
  let current: { loading: Promise<Loaded<Value>>; loaded?: Loaded<Value>; until: number } | undefined;
  let begun: Promise<unknown> | undefined;

  const start = () => {
    const entry: typeof current & {} = { loading: load(), until: Number.POSITIVE_INFINITY };
    current = entry;
    entry.loading.then(
      (loaded) => Object.assign(entry, { loaded, until: loaded.until }),
      (error) => Object.assign(entry, { until: now() + keepFailureMs(error) }),
    );
    return entry;
  };

  return {
    ahead: () => {
      const entry = start();
      begun = entry.loading.catch(() => {
        if (current === entry) current = undefined;
      });
    },
    get: async () => {
      await begun;
      const entry = current !== undefined && now() < current.until ? current : start();
      return (await entry.loading).value;
    },
    drop: (value) => {
      if (current?.loaded?.value === value) current = undefined;
    },
  };
};
