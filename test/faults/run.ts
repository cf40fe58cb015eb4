import { parseArgs } from 'node:util';
import { type Figures, faultsIn, noFigures, sum } from './figures.ts';
import { runGateway } from './gateway-run.ts';
import { runPlainClient } from './plain-run.ts';

/** A PingOne of its own for so many requests: a collection of thousands would make every list slow. */
const batch = 250;

const shortRequests = 2_000;
const longRequests = 100_000;

/** Above `settleLost`: what the gateway can't tell from a create that never happened. */
const residualLagMs = 90_000;

const run = async (
  requests: number,
  seed: number,
  one: (seed: number, requests: number) => Promise<Figures>,
): Promise<Figures> => {
  let figures = noFigures;
  for (let done = 0; done < requests; done += batch) {
    figures = sum(figures, await one(seed + done, Math.min(batch, requests - done)));
  }
  return figures;
};

const { values } = parseArgs({
  options: { long: { type: 'boolean' }, requests: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const requests = Number(values.requests ?? (values.long ? longRequests : shortRequests));
const seed = Number(values.seed);
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('--requests takes a whole number from 1, --seed a whole number.');
  process.exit(2);
}

const gateway = await run(requests, seed, runGateway);
const plain = await run(requests, seed, runPlainClient);
const residual = await run(Math.min(requests, shortRequests), seed, (each, count) =>
  runGateway(each, count, { extraLagMs: residualLagMs }),
);

const row = ({ faults: _, ...counts }: Figures, figures: Figures) => ({ ...counts, faults: faultsIn(figures) });
console.table({
  gateway: row(gateway, gateway),
  'a client that just retries': row(plain, plain),
  [`gateway, lists ${residualLagMs / 1_000} s behind`]: row(residual, residual),
});
console.log('Faults by kind, gateway:');
console.table(Object.fromEntries([...gateway.faults].sort(([one], [other]) => one.localeCompare(other))));
console.log(`Seed ${seed}. Duplicates: resources of one request beyond its first. Losses: told and absent, or another's.
Orphans: there, told to nobody, in no record. Unknown: open in the end.`);
if (gateway.duplicates + gateway.losses + gateway.orphans + gateway.unknown > 0) process.exitCode = 1;
