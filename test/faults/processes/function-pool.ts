import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers/promises';
import { FunctionError } from '../../../infra/local/lambda/instance.ts';
import type { Environment } from './environment.ts';

export interface PoolOptions {
  readonly timeoutMs: number;
  /** Largest number of environments; further invocations wait. */
  readonly most: number;
  readonly start: () => Environment;
  /** Called before an invocation; returns whether the process stops before its first create. */
  readonly onBegin: (id: string, event: unknown, environment: Environment) => boolean;
  /** Called after an invocation with its result, or its error. */
  readonly onEnd: (id: string, result: unknown) => void;
}

/** Interval of the time-out check, in milliseconds. */
const tickMs = 100;

/**
 * The environments of one function, as Lambda has them: one invocation at a time each, the last one used goes first, and
 * each is frozen as soon as its invocation has ended. One that dies is replaced when it is needed.
 */
export const createPool = ({ timeoutMs, most, start, onBegin, onEnd }: PoolOptions) => {
  const all = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting: ((environment: Environment) => void)[] = [];
  let isEnding = false;

  const added = (): Environment => {
    const environment = start();
    all.add(environment);
    return environment;
  };

  const take = async (): Promise<Environment> => {
    const last = idle.pop();
    if (last) return last;
    if (all.size < most) return added();
    return new Promise((resolve) => waiting.push(resolve));
  };

  const giveBack = (environment: Environment): void => {
    const next = isEnding ? undefined : waiting.shift();
    if (!environment.isAlive) {
      all.delete(environment);
      if (next) next(added());
      return;
    }
    environment.freeze();
    if (next) next(environment);
    else idle.push(environment);
  };

  /** Kills an environment whose invocation takes too long. While it is frozen, so is the watch of its time. */
  const watch = async (environment: Environment, signal: AbortSignal): Promise<void> => {
    let spentMs = 0;
    for await (const _ of setInterval(tickMs, undefined, { signal })) {
      if (!environment.isFrozen) spentMs += tickMs;
      if (spentMs >= timeoutMs) return environment.kill();
    }
  };

  const invoke = async (event: unknown): Promise<unknown> => {
    const environment = await take();
    const id = randomUUID();
    const stopsBeforeSend = onBegin(id, event, environment);
    const over = new AbortController();
    environment.thaw();
    watch(environment, over.signal).catch(() => {});
    try {
      const result = await environment.invoke({ id, event, remainingMs: timeoutMs, stopsBeforeSend });
      onEnd(id, result);
      return result;
    } catch (error) {
      onEnd(id, error);
      throw error instanceof FunctionError ? error : new FunctionError('Runtime.Unknown', String(error));
    } finally {
      over.abort();
      giveBack(environment);
    }
  };

  return {
    invoke,
    /** Kills every process without waiting. */
    kill: (): void => {
      for (const environment of all) environment.kill();
    },
    /** Kills every process, and waits until they have ended. */
    end: async () => {
      isEnding = true;
      await Promise.all([...all].map((environment) => environment.end()));
    },
  };
};

export type FunctionPool = ReturnType<typeof createPool>;
