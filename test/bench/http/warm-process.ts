import { answerParent } from '../answer-parent.ts';
import { load, logAsLambda, send } from './invocation.ts';

export interface Round {
  readonly requests: number;
  /** Concurrent requests. */
  readonly inFlight: number;
  /** Whether garbage is collected at the end. Compared subjects collect within the measured time, as in Lambda. */
  readonly collects?: boolean;
  /** Prefix of the requests' keys and names, unique to the round. */
  readonly prefix: string;
  /** One name for all resources; by default each has its own. */
  readonly name?: string;
}

const [, , bundle = '', text = ''] = process.argv;
const event = JSON.parse(text);
logAsLambda();
const { handler } = await load(bundle);

answerParent(async ({ requests, inFlight, collects, prefix, name }: Round) => {
  const latencies: number[] = [];
  let started = 0;
  const caller = async () => {
    while (started < requests) {
      const key = `${prefix}-${started++}`;
      const begin = performance.now();
      await send(handler, event, key, name);
      latencies.push(performance.now() - begin);
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, caller));
  const { user, system } = process.cpuUsage(before);
  latencies.sort((one, other) => one - other);
  const reached = (share: number) => latencies[Math.ceil(requests * share) - 1];
  if (collects) globalThis.gc?.();
  const { heapUsed: heapBytes } = process.memoryUsage();
  return { cpuMs: (user + system) / 1000 / requests, p50Ms: reached(0.5), p99Ms: reached(0.99), heapBytes };
});
