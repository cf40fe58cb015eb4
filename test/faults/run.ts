import { parseArgs } from 'node:util';
import { type Figures, faultsIn } from './figures.ts';
import { pastMs, runAll } from './runs.ts';

const shortRequests = 2_000;
const longRequests = 100_000;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean' },
    processes: { type: 'boolean' },
    requests: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const requests = Number(values.requests ?? (values.long ? longRequests : shortRequests));
const seed = Number(values.seed);
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('--requests takes a whole number from 1, --seed a whole number.');
  process.exit(2);
}
if (values.processes) {
  const { runProcesses } = await import('./processes/processes.ts');
  process.exit((await runProcesses(seed, values.requests === undefined ? undefined : requests)) ? 0 : 1);
}

const gateway = await runAll('gateway', requests, seed);
const queue = await runAll('queue', requests, seed);
const plain = await runAll('plain', requests, seed);
const slow = await runAll('slow', Math.min(requests, shortRequests), seed);
const slower = await runAll('slower', Math.min(requests, shortRequests), seed);
const past = await runAll('past', Math.min(requests, shortRequests), seed);

const row = ({ faults: _, ...counts }: Figures, figures: Figures) => ({ ...counts, faults: faultsIn(figures) });
console.table({
  'gateway, over HTTPS': row(gateway, gateway),
  'gateway, event bus': row(queue, queue),
  'a client that just retries': row(plain, plain),
  'gateway, 500s after 4.6 s, lists 2 s behind': row(slow, slow),
  'gateway, 500s after 4.6 s, lists 20 s behind, grace period 25 s': row(slower, slower),
  [`gateway, lists ${pastMs / 1_000} s later than promised`]: row(past, past),
});
console.log('Faults by kind, gateway:');
console.table(Object.fromEntries([...gateway.faults].sort(([one], [other]) => one.localeCompare(other))));
console.log(`Seed ${seed}. Duplicates: resources of one request beyond its first. Losses: told and absent, or another's.
Orphans: there, told to nobody, in no record. Unknown: open in the end. Misplaced: events not in exactly one place.`);
const wrong = [gateway, queue, slow, slower].map(
  (door) => door.duplicates + door.losses + door.orphans + door.unknown + door.misplaced,
);
if (wrong.some((count) => count > 0)) process.exitCode = 1;
