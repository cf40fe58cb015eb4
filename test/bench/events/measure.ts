import type { StandIns } from '../stand-ins.ts';
import { drain, put } from './drain.ts';
import type { MeasuredFunction, Usage } from './function.ts';

/** Number of events, and of concurrent batches. */
export interface Shape {
  readonly events: number;
  readonly atATime: number;
}

/** The result of one run. */
export interface Run extends Shape, Usage {
  readonly milliseconds: number;
  /** Of PingOne, AWS and the event source, which are in this process. */
  readonly standInsCpuMs: number;
  readonly calls: ReturnType<StandIns['calls']>;
}

/** Runs shapes one after the other, and records the requested names. */
export const startMeasuring = (standIns: StandIns, { invoke, used }: MeasuredFunction, prefix = 'connection') => {
  const requested = new Map<string, string>();

  return {
    /** Event id -> requested name. */
    requested,
    run: async ({ events, atATime }: Shape): Promise<Run> => {
      for (let nth = 0; nth < events; nth++) {
        const name = `${prefix} ${requested.size}`;
        requested.set(put(standIns, name), name);
      }
      const before = standIns.calls();
      await used();
      const begin = performance.now();
      const ownBegin = process.cpuUsage();
      await drain(standIns, invoke, atATime);
      const { user, system } = process.cpuUsage(ownBegin);
      const milliseconds = performance.now() - begin;
      const calls = difference(standIns.calls(), before);
      return { events, atATime, milliseconds, ...(await used()), standInsCpuMs: (user + system) / 1000, calls };
    },
  };
};

const difference = (now: Run['calls'], before: Run['calls']): Run['calls'] => ({
  pingOne: now.pingOne - before.pingOne,
  tokens: now.tokens - before.tokens,
  dynamoDB: now.dynamoDB - before.dynamoDB,
  eventBridge: now.eventBridge - before.eventBridge,
  secrets: now.secrets - before.secrets,
});
