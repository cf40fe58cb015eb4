import { parseArgs } from 'node:util';
import { breachesIn, type Figures, faultsIn } from './figures.ts';
import { pastMs, type Run, runAll } from './runs.ts';

const shortRequests = 2_000;
const longRequests = 100_000;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean' },
    processes: { type: 'boolean' },
    sdk: { type: 'boolean' },
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

const begun = performance.now();
const short = Math.min(requests, shortRequests);
const { sdk } = values;
/** Runs what has to end in zeros, and names each part that doesn't. */
const promised = (run: Run, count: number) =>
  runAll(run, { requests: count, seed, sdk }, (batch, figures) => {
    if (breachesIn(figures) > 0) console.error(`${run}, ${batch.requests} requests, seed ${batch.seed}:`, figures);
  });
const gateway = await promised('gateway', requests);
const queue = await promised('queue', requests);
const plain = await runAll('plain', { requests: short, seed });
const slow = await promised('slow', short);
const slower = await promised('slower', short);
const past = await runAll('past', { requests: short, seed, sdk });

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
const table = sdk ? 'dynalite, by the AWS SDK' : 'a table in memory, without the AWS SDK';
console.log(`Seed ${seed}, ${Math.round((performance.now() - begun) / 1_000)} s. The ledger was ${table}. Duplicates: resources of one request beyond its first. Losses: told and absent, or another's.
Orphans: there, told to nobody, in no record. Unknown: open in the end. Misplaced: events not in exactly one place.`);
if ([gateway, queue, slow, slower].some((figures) => breachesIn(figures) > 0)) process.exitCode = 1;
