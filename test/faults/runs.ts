import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { type Figures, noFigures, sum } from './figures.ts';
import { runGateway } from './gateway-run.ts';
import { runPlainClient } from './plain-run.ts';
import { runQueue } from './queue-run.ts';
import { promisedLagMs } from './storm.ts';
import { byWebhook } from './webhook-way.ts';

/** PingOne's own 500 comes late, and its list is behind. */
const slowFailure: Fault = { kind: 'createLateThenFail', afterMs: 4_600, status: 500 };

/** How far past the promised lag the lists of the last row are, in milliseconds. */
export const pastMs = 2_000;

/** The storms by name. */
export const runs = {
  gateway: ({ seed, requests, dynalite }) => runGateway(seed, requests, { dynalite }),
  queue: ({ seed, requests, dynalite }) => runQueue(seed, requests, { dynalite }),
  webhook: ({ seed, requests, dynalite }) => runQueue(seed, requests, { dynalite }, byWebhook),
  plain: ({ seed, requests }) => runPlainClient(seed, requests),
  slow: ({ seed, requests, dynalite }) =>
    runGateway(seed, requests, { dynalite, only: slowFailure, listedAfterMs: () => 2_000 }),
  // A stage whose PingOne lists that late sets a longer grace period.
  slower: ({ seed, requests, dynalite }) =>
    runGateway(seed, requests, {
      dynalite,
      only: slowFailure,
      listedAfterMs: () => 20_000,
      timings: { graceAnswered: 25_000 },
    }),
  past: ({ seed, requests, dynalite }) =>
    runGateway(seed, requests, { dynalite, listedAfterMs: (fault) => promisedLagMs(fault) + pastMs }),
} satisfies Record<string, (batch: Batch) => Promise<Figures>>;

export type Run = keyof typeof runs;

/** A part of a run's requests. */
export interface Batch {
  readonly seed: number;
  readonly requests: number;
  /** Whether DynamoDB is dynalite, and AWS is called as deployed functions call it. */
  readonly dynalite?: boolean | undefined;
}

/** Requests per sandbox: a collection of thousands would make every list slow. */
const batchSize = 250;

/** Called with the figures of each batch. */
export type WatchBatch = (batch: Batch, figures: Figures) => void;

/** Runs many requests in batches, one for each core at a time, and adds up their figures. */
export const runAll = async (
  run: Run,
  { requests, seed, dynalite }: Batch,
  watch: WatchBatch = () => {},
): Promise<Figures> => {
  const batches = Array.from({ length: Math.ceil(requests / batchSize) }, (_, nth) => ({
    dynalite,
    seed: seed * 1_000_003 + nth,
    requests: Math.min(batchSize, requests - nth * batchSize),
  }));
  const left = batches.values();
  let figures = noFigures;
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (const each of left) {
        worker.postMessage({ run, batch: each });
        const [done]: Figures[] = await once(worker, 'message');
        if (!done) continue;
        figures = sum(figures, done);
        watch(each, done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(batches.length, availableParallelism()) }, work));
  return figures;
};
