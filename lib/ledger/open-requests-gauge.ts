import type { Log } from '../runtime/logger.ts';
import type { OpenRequest } from './scan-open.ts';

export interface OpenRequestsGauge {
  /** Finds the open requests at `now`, in milliseconds since the epoch. */
  readonly openAt: (now: number) => AsyncIterable<OpenRequest>;
  readonly log: Log;
  readonly now: () => number;
}

/** Logs one line: the number of open requests in all and per endpoint, and the age of the oldest send (`oldestMs`). */
export const openRequestsGauge =
  ({ openAt, log, now }: OpenRequestsGauge) =>
  async (): Promise<void> => {
    const at = now();
    const endpoints: Record<string, number> = {};
    let oldest = at;
    let count = 0;
    for await (const { endpoint, item } of openAt(at)) {
      count++;
      endpoints[endpoint] = (endpoints[endpoint] ?? 0) + 1;
      oldest = Math.min(oldest, item.firstSent ?? item.createdAt);
    }
    log('info', { open: { count, oldestMs: at - oldest, endpoints } });
  };
