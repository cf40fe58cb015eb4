import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { chanceOf } from '../chance.ts';
import { intentsOf } from '../intents.ts';
import { act, type Scene } from './callers.ts';
import { ask } from './calls.ts';
import { startJournal } from './journal.ts';
import { isOpen, scanLedger } from './ledger-scan.ts';
import { startRecords } from './records.ts';
import { type Row, rowOf } from './row.ts';
import { storm } from './storm.ts';
import { startWorld, told, type World } from './world.ts';

/**
 * In what time requests come in, how long the storm goes on after the last of them had a first answer, and how long all
 * may take to settle at most, in milliseconds.
 */
const perRequestMs = 250;
const afterwardsMs = 10_000;
const settleMs = 180_000;

/** A wait of a message that is cut short when the storm is over, in milliseconds. */
const longWaitMs = 20_000;

/** Sends requests through every door while everything fails, lets all of it settle, and looks at what there is. */
export const runStorm = async (host: string, requests: number, seed: number): Promise<Row> => {
  const chance = chanceOf(seed);
  const intents = intentsOf(requests, chance);
  const records = startRecords(intents);
  const journal = startJournal();
  const { weather, counts, end } = storm(chance);
  const spreadMs = requests * perRequestMs;
  await using world = await startWorld({ host, weather, journal, ...told(records) });
  const { promise: calm, resolve: isCalm } = Promise.withResolvers<void>();
  let until = Number.POSITIVE_INFINITY;
  let unanswered = requests;
  const onFirstAnswer = async (): Promise<void> => {
    unanswered--;
    if (unanswered > 0) return;
    await sleep(systemClock, afterwardsMs);
    end();
    until = performance.now() + settleMs;
    isCalm();
  };
  const isOver = () => performance.now() > until;
  const scene: Scene = { world, records, chance, spreadMs, onFirstAnswer, calm, isOver };
  const hastening = setInterval(() => hasten(world), 5_000);
  try {
    await Promise.all([calm, ...intents.map((intent) => act(scene, intent))]);
    await closeOpen(scene);
    await drained(scene);
    await askAgain(scene);
  } finally {
    clearInterval(hastening);
  }
  return rowOf(world, records, { requests, faults: counts, journal });
};

/** Lets messages come again that wait for long: their waits grow with each receive, and the run ends in minutes. */
const hasten = ({ queues }: World): void => {
  const now = Date.now();
  for (const { queue } of queues.values()) {
    for (const { visibleAt, receiptHandle } of queue.messages()) {
      if (receiptHandle !== undefined && visibleAt > now + longWaitMs) queue.changeVisibility(receiptHandle, 1);
    }
  }
};

/** Calls with the keys of open requests that no caller waits for any more, as an operator does, until each is closed. */
const closeOpen = async ({ world, records, isOver }: Scene): Promise<void> => {
  while (!isOver()) {
    const { requests } = await scanLedger(world.awsEndpoint);
    const open = [...records.requests()].filter(([id]) => isOpen(requests.get(id)));
    if (open.length === 0) return;
    await Promise.all(open.map(([, { intent, key }]) => ask(world, intent, { key })));
    await sleep(systemClock, 2_000);
  }
};

/** Ends when every message has been handled, those that came twice too. */
const drained = async ({ world, isOver }: Scene): Promise<void> => {
  const isEmpty = () => [...world.queues.values()].every(({ queue }) => queue.messages().length === 0);
  while (!isEmpty() && !isOver()) await sleep(systemClock, 500);
};

/** Each key once more: the records note an answer that names another resource than before. */
const askAgain = async ({ world, records }: Scene): Promise<void> => {
  for (const { intent, key } of records.requests().values()) {
    if (records.told.get(intent) !== undefined && key === intent.key) await ask(world, intent, { key });
  }
};
