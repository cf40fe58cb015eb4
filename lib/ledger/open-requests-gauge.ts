import type { Log } from '../runtime/logger.ts';
import type { OpenRequest, WaitingService } from './scan-open.ts';

export interface OpenRequestsGauge {
  /** Finds what is open at `now`, in milliseconds since the epoch. */
  readonly openAt: (now: number) => AsyncIterable<OpenRequest | WaitingService>;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Logs one line: the number of open requests in all and per endpoint, and the age of the oldest send (`oldestMs`); and the
 * number of services with a pending deployment, and the age of the oldest one.
 */
export const openRequestsGauge =
  ({ openAt, log, now }: OpenRequestsGauge) =>
  async (): Promise<void> => {
    const at = now();
    const endpoints: Record<string, number> = {};
    let oldest = at;
    let count = 0;
    const pendingDeployments = { count: 0, oldestMs: 0 };
    for await (const open of openAt(at)) {
      if ('wantedAt' in open) {
        pendingDeployments.count++;
        pendingDeployments.oldestMs = Math.max(pendingDeployments.oldestMs, at - open.wantedAt);
        continue;
      }
      const { endpoint, item } = open;
      count++;
      endpoints[endpoint] = (endpoints[endpoint] ?? 0) + 1;
      oldest = Math.min(oldest, item.firstSent ?? item.createdAt);
    }
    log('info', { open: { count, oldestMs: at - oldest, endpoints }, pendingDeployments });
  };
