import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Figures, noFigures, sum } from './figures.ts';
import { runGateway } from './gateway-run.ts';
import { runPlainClient } from './plain-run.ts';
import { runQueue } from './queue-run.ts';

/** Above `settleLost`: what the gateway can't tell from a create that never happened. */
export const residualLagMs = 90_000;

/** What can be run, by name. */
export const runs = {
  gateway: (seed, requests) => runGateway(seed, requests),
  queue: (seed, requests) => runQueue(seed, requests),
  plain: (seed, requests) => runPlainClient(seed, requests),
  residual: (seed, requests) => runGateway(seed, requests, { extraLagMs: residualLagMs }),
} satisfies Record<string, (seed: number, requests: number) => Promise<Figures>>;

export type Run = keyof typeof runs;

/** A PingOne of its own for so many requests: a collection of thousands would make every list slow. */
const batch = 250;

/** Runs many requests in batches, one for each core at a time, and adds up what they come to. */
export const runAll = async (run: Run, requests: number, seed: number): Promise<Figures> => {
  const batches = Array.from({ length: Math.ceil(requests / batch) }, (_, nth) => ({
    run,
    seed: seed * 1_000_003 + nth,
    requests: Math.min(batch, requests - nth * batch),
  }));
  const left = batches.values();
  let figures = noFigures;
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (const each of left) {
        worker.postMessage(each);
        const [done]: Figures[] = await once(worker, 'message');
        if (done) figures = sum(figures, done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return figures;
};
