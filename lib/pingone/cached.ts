/** A loaded value, valid until a time in milliseconds since the epoch. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly until: number;
}

export interface Cached<Value> {
  /** Returns the cached value, or loads it; concurrent calls share one load. */
  get(): Promise<Value>;
  /** Starts a load in advance; its failure is forgotten, so that the next `get` loads again. */
  prefetch(): void;
  /** Forgets the value if it is still cached: of many callers that saw it refused, only the first has an effect. */
  drop(value: Value): void;
}

/** Caches a value until it expires, and a failed load for a while, so that a broken source isn't hammered. */
export const cached = <Value>(
  load: () => Promise<Loaded<Value>>,
  now: () => number,
  keepFailureMs: (error: unknown) => number = () => 0,
): Cached<Value> => {
  let current: { loading: Promise<Loaded<Value>>; loaded?: Loaded<Value>; until: number } | undefined;
  let started: Promise<unknown> | undefined;

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
    prefetch: () => {
      const entry = start();
      started = entry.loading.catch(() => {
        if (current === entry) current = undefined;
      });
    },
    get: async () => {
      await started;
      const entry = current !== undefined && now() < current.until ? current : start();
      return (await entry.loading).value;
    },
    drop: (value) => {
      if (current?.loaded?.value === value) current = undefined;
    },
  };
};
