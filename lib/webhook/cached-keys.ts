import type { Key } from './keys.ts';

/** How long keys are used without another read, in milliseconds: a removed key counts for so long. */
const keepMs = 5 * 60_000;

/** The shortest time between two reads, in milliseconds. */
const rereadMs = 10_000;

export interface CachedKeys {
  /** The keys. @throws the error of a failed read */
  get(): Promise<readonly Key[]>;
  /** Reads again, unless the last read began within 10 s; returns keys only if they are newer than the ones seen. */
  newerThan(seen: readonly Key[]): Promise<readonly Key[] | undefined>;
}

/** Caches the keys of a source, and a failed read for 10 s. Concurrent calls share one read. */
export const cachedKeys = (load: () => Promise<readonly Key[]>, now: () => number): CachedKeys => {
  let keys: readonly Key[] = [];
  let usedUntil = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    readAt = now();
    try {
      keys = await load();
      usedUntil = now() + keepMs;
    } catch (error) {
      failure = error;
    }
    reading = undefined;
  };
  const readUnlessRecent = async (): Promise<void> => {
    if (now() - readAt >= rereadMs) reading ??= read();
    await reading;
  };

  return {
    get: async () => {
      if (now() >= usedUntil) await readUnlessRecent();
      if (now() < usedUntil) return keys;
      throw failure;
    },
    newerThan: async (seen) => {
      await readUnlessRecent();
      return keys === seen ? undefined : keys;
    },
  };
};
