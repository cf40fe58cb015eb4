import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { chanceOf } from '../chance.ts';
import { intentsOf } from '../intents.ts';
import { act, type CallerContext } from './callers.ts';
import { ask } from './calls.ts';
import { startJournal } from './journal.ts';
import { isOpen, scanLedger } from './ledger-scan.ts';
import { startRecords } from './records.ts';
import { type Row, rowOf } from './row.ts';
import { storm } from './storm.ts';
import { recorders, startWorld, type World } from './world.ts';

/**
 * Times in milliseconds: between the starts of two requests, from the last first answer to the end of the storm, and the
 * longest time from there until all requests are closed.
 */
const perRequestMs = 250;
const afterwardsMs = 10_000;
const settleMs = 180_000;

/** A wait of a message that is cut short when the storm is over, in milliseconds. */
const longWaitMs = 20_000;

/** Sends requests over HTTP and the bus in a storm of faults, waits until all are closed, and audits the result. */
export const runStorm = async (host: string, requests: number, seed: number): Promise<Row> => {
  const chance = chanceOf(seed);
  const intents = intentsOf(requests, chance);
  const records = startRecords(intents);
  const journal = startJournal();
  const { weather, counts, end } = storm(chance);
  const spreadMs = requests * perRequestMs;
  await using world = await startWorld({ host, weather, journal, ...recorders(records) });
  const { promise: stormEnd, resolve: endStorm } = Promise.withResolvers<void>();
  let until = Number.POSITIVE_INFINITY;
  let unanswered = requests;
  const onFirstAnswer = async (): Promise<void> => {
    unanswered--;
    if (unanswered > 0) return;
    await sleep(systemClock, afterwardsMs);
    end();
    until = performance.now() + settleMs;
    endStorm();
  };
  const isOver = () => performance.now() > until;
  const context: CallerContext = { world, records, chance, spreadMs, onFirstAnswer, stormEnd, isOver };
  const shortening = setInterval(() => shortenWaits(world), 5_000);
  try {
    await Promise.all([stormEnd, ...intents.map((intent) => act(context, intent))]);
    await closeOpen(context);
    await drained(context);
    await askAgain(context);
  } finally {
    clearInterval(shortening);
  }
  return rowOf(world, records, { requests, faults: counts, journal });
};

/** Shortens long waits of messages: they grow with each receive, and the run lasts only minutes. */
const shortenWaits = ({ queues }: World): void => {
  const now = Date.now();
  for (const { queue } of queues.values()) {
    for (const { visibleAt, receiptHandle } of queue.messages()) {
      if (receiptHandle !== undefined && visibleAt > now + longWaitMs) queue.changeVisibility(receiptHandle, 1);
    }
  }
};

/** Like an operator: retries open requests without a caller by their keys, until each is closed. */
const closeOpen = async ({ world, records, isOver }: CallerContext): Promise<void> => {
  while (!isOver()) {
    const { requests } = await scanLedger(world.awsEndpoint);
    const open = [...records.requests()].filter(([id]) => isOpen(requests.get(id)));
    if (open.length === 0) return;
    await Promise.all(open.map(([, { intent, key }]) => ask(world, intent, { key })));
    await sleep(systemClock, 2_000);
  }
};

/** Ends when every message has been handled, those that came twice too. */
const drained = async ({ world, isOver }: CallerContext): Promise<void> => {
  const isEmpty = () => [...world.queues.values()].every(({ queue }) => queue.messages().length === 0);
  while (!isEmpty() && !isOver()) await sleep(systemClock, 500);
};

/** Each key once more: the records note an answer that names another resource than before. */
const askAgain = async ({ world, records }: CallerContext): Promise<void> => {
  for (const { intent, key } of records.requests().values()) {
    if (records.results.get(intent) !== undefined && key === intent.key) await ask(world, intent, { key });
  }
};
