import { fileURLToPath } from 'node:url';
import { bundle, functionNames } from '../../../infra/bundle/bundle.ts';
import { built } from '../../bench/child.ts';
import { runFreezes } from './freeze-bound.ts';
import { breachesIn, columns, type Row } from './row.ts';
import { runStorm } from './run-storm.ts';
import { freezeBoundMs } from './times.ts';

const defaultRequests = 300;

/** How far past the bound the freezes of the last row are, in milliseconds. */
const pastMs = 5_000;

/** Largest number of runs of a row that a busy machine took past the bound. */
const maxTries = 3;

/** Runs the storm of processes and prints its figures; returns whether all guarantees hold within the bounds. */
export const runProcesses = async (seed: number, requests = defaultRequests): Promise<boolean> => {
  const begun = performance.now();
  // An exit ends the processes, too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const [host] = await Promise.all([built(new URL('./host.ts', import.meta.url)), bundle(...functionNames)]);

  const storm = await runStorm(host, requests, seed);
  const [atBound, pastBound] = await Promise.all([freezesAtBound(host), runFreezes(host, freezeBoundMs + pastMs)]);
  const within = { storm, [`freezes of ${freezeBoundMs / 1_000} s, the bound`]: atBound };
  const past = `freezes of ${(freezeBoundMs + pastMs) / 1_000} s, past it`;

  console.table(
    Object.fromEntries(Object.entries({ ...within, [past]: pastBound }).map(([name, row]) => [name, columns(row)])),
  );
  console.log('Faults by kind, storm:');
  console.table(Object.fromEntries([...storm.faults].sort(([one], [other]) => one.localeCompare(other))));
  console.log(`Seed ${seed}, which draws the faults; processes are never twice the same. ${seconds(performance.now() - begun)} s.
From a send's record to its arrival at PingOne: ${[storm, atBound, pastBound].map(({ longestSendDelayMs }) => `${seconds(longestSendDelayMs)} s`).join(', ')} at most.`);
  const broken = Object.entries(within).filter(([, row]) => breachesIn(row) > 0);
  for (const [name, row] of broken) await explain(name, row, seed);
  return broken.length === 0;
};

const freezesAtBound = async (host: string): Promise<Row> => {
  for (let nth = 1; ; nth++) {
    const row = await runFreezes(host, freezeBoundMs);
    if (row.lateSends === 0 || nth === maxTries) return row;
  }
};

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1);

/** Prints the log of the first request with a breach. */
const explain = async (
  name: string,
  { journal, suspects, unexpected, lateSends }: Row,
  seed: number,
): Promise<void> => {
  const file = fileURLToPath(new URL(`../../../.build/faults/processes-${seed}.log`, import.meta.url));
  await journal.write(file);
  console.error(`${name}: look for ${[...suspects, ...unexpected].join(', ')} in ${file}.`);
  if (lateSends > 0) console.error(`${lateSends} sends came later than the bound allows: this machine was too busy.`);
  const [first] = suspects;
  if (first !== undefined) console.error(journal.entriesWith(first));
};
