import { parentPort } from 'node:worker_threads';
import { type Batch, type Run, runs } from './runs.ts';

parentPort?.on('message', async ({ run, batch }: { run: Run; batch: Batch }) => {
  parentPort?.postMessage(await runs[run](batch));
});
