import { parentPort } from 'node:worker_threads';
import { type Run, runs } from './runs.ts';

parentPort?.on('message', async ({ run, seed, requests }: { run: Run; seed: number; requests: number }) => {
  parentPort?.postMessage(await runs[run](seed, requests));
});
