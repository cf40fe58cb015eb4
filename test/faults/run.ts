import { defineCommand } from '../../infra/command/command.ts';
import { runCommand } from '../../infra/command/run-command.ts';
import { wholeNumber } from '../../infra/command/whole-number.ts';
import { breachesIn, type Figures, faultsIn } from './figures.ts';
import { pastMs, type Run, runAll } from './runs.ts';

const shortRequests = 2_000;
const longRequests = 100_000;

interface StormOptions {
  readonly requests: number;
  readonly seed: number;
  readonly dynalite: boolean | undefined;
}

const storm = async ({ requests, seed, dynalite }: StormOptions): Promise<void> => {
  const begun = performance.now();
  const short = Math.min(requests, shortRequests);
  /** Runs a storm that must have no breach, and reports each batch with one. */
  const runGuaranteed = (run: Run, count: number) =>
    runAll(run, { requests: count, seed, dynalite }, (batch, figures) => {
      if (breachesIn(figures) > 0) console.error(`${run}, ${batch.requests} requests, seed ${batch.seed}:`, figures);
    });
  const gateway = await runGuaranteed('gateway', requests);
  const queue = await runGuaranteed('queue', requests);
  const webhook = await runGuaranteed('webhook', requests);
  const plain = await runAll('plain', { requests: short, seed });
  const slow = await runGuaranteed('slow', short);
  const slower = await runGuaranteed('slower', short);
  const past = await runAll('past', { requests: short, seed, dynalite });

  const row = ({ faults: _, ...counts }: Figures, figures: Figures) => ({ ...counts, faults: faultsIn(figures) });
  console.table({
    'gateway, over HTTPS': row(gateway, gateway),
    'gateway, event bus': row(queue, queue),
    'gateway, signed webhooks': row(webhook, webhook),
    'a client that just retries': row(plain, plain),
    'gateway, 500s after 4.6 s, lists 2 s behind': row(slow, slow),
    'gateway, 500s after 4.6 s, lists 20 s behind, grace period 25 s': row(slower, slower),
    [`gateway, lists ${pastMs / 1_000} s later than promised`]: row(past, past),
  });
  console.log('Faults by kind, gateway:');
  console.table(Object.fromEntries([...gateway.faults].sort(([one], [other]) => one.localeCompare(other))));
  const table = dynalite
    ? 'dynalite, called as deployed functions call DynamoDB'
    : 'a table in memory, called directly';
  console.log(`Seed ${seed}, ${Math.round((performance.now() - begun) / 1_000)} s. The ledger was ${table}. Duplicates: resources of one request beyond its first. Losses: answered but absent, or another request's.
Orphans: resources in no answer and not in the ledger. Unknown: open at the end. Misplaced: events not in exactly one place.`);
  if ([gateway, queue, webhook, slow, slower].some((figures) => breachesIn(figures) > 0)) process.exitCode = 1;
};

await runCommand(
  defineCommand({
    call: 'npm run faults',
    summary:
      'Sends thousands of requests with faults in PingOne, AWS and the functions, and counts duplicates, losses and open requests.',
    flags: {
      requests: {
        type: 'string',
        argument: 'N',
        help: `number of requests; by default ${shortRequests}, with --long ${longRequests}`,
      },
      long: { type: 'boolean', help: 'run the long storm' },
      seed: { type: 'string', argument: 'N', default: '1', help: 'seed of the random faults' },
      dynalite: {
        type: 'boolean',
        help: 'keep the ledger in dynalite, in place of a table in memory; four times as slow',
      },
      processes: { type: 'boolean', help: 'run the functions in processes that are killed and frozen' },
    },
    fails: 'a guarantee was broken',
    run: async ({ values: { long, processes, dynalite, ...flags } }) => {
      const seed = wholeNumber('--seed', flags.seed, 0);
      const chosen = flags.requests === undefined ? undefined : wholeNumber('--requests', flags.requests, 1);
      if (!processes) return storm({ requests: chosen ?? (long ? longRequests : shortRequests), seed, dynalite });
      const { runProcesses } = await import('./processes/processes.ts');
      process.exit((await runProcesses(seed, chosen)) ? 0 : 1);
    },
  }),
);
