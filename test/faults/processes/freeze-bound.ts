import { invocationOf } from '../../../infra/local/loopback/invocation-header.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import type { Intent } from '../intents.ts';
import { ask, textIn } from './calls.ts';
import { startJournal } from './journal.ts';
import { startRecords } from './records.ts';
import { type Row, rowOf } from './row.ts';
import { hurry, longestOffsetMs, timings } from './times.ts';
import type { Weather } from './weather.ts';
import { recorders, startWorld } from './world.ts';

const requests = 4;

/** How long callers wait for the outcome of a request, and the interval of their retries, in milliseconds. */
const patienceMs = 60_000;
const againMs = 500;

/** In milliseconds: the latest create and list of this PingOne, and the slowest answer of the ledger that is in time. */
const createsAfterMs = 12_000 / hurry.create;
const listsAfterMs = 4_000 / hurry.list;
const recordTakesMs = 0.8 * timings.renewal;

/**
 * Freezes the first function of each request between the record of its send and the send. All other conditions are at
 * their bounds: the record is slow, PingOne creates and lists late, and the callers retry at functions whose clocks are
 * ahead by the largest difference.
 */
export const runFreezes = async (host: string, freezeMs: number): Promise<Row> => {
  const intents = Array.from({ length: requests }, (_, number): Intent => {
    const body = { ...endpoint.example.body, name: `Name ${number}` };
    return { number, endpoint, body, caller: 'ci', key: `key ${number}` };
  });
  const records = startRecords(intents);
  const journal = startJournal();
  await using world = await startWorld({ host, weather: weatherOf(records, freezeMs), journal, ...recorders(records) });

  const until = performance.now() + patienceMs;
  const act = async (intent: Intent): Promise<void> => {
    const { key } = intent;
    const first = ask(world, intent, { key });
    // A retry before that would get a function with the clock of the first ones.
    while (world.strikes.counts().freezes < requests && performance.now() < until) await sleep(systemClock, againMs);
    while (!records.results.has(intent) && performance.now() < until) {
      const answer = await ask(world, intent, { key });
      if (answer?.status === 201) records.results.set(intent, textIn(answer.body, 'id'));
      else await sleep(systemClock, againMs);
    }
    await first;
  };
  await Promise.all(intents.map(act));
  // The last frozen send may create late.
  await sleep(systemClock, createsAfterMs + listsAfterMs);
  return rowOf(world, records, { requests, faults: new Map(), journal });
};

const weatherOf = ({ arrivals }: ReturnType<typeof startRecords>, freezeMs: number): Weather => ({
  intercept: async (moment, { input }) => {
    const isRecord = valueAt(input, 'ExpressionAttributeValues.:lastSent') !== undefined;
    if (moment === 'after' && isRecord) await sleep(systemClock, recordTakesMs);
    return undefined;
  },
  faults: {
    create: ({ arrival }) => {
      const isFirst = [...arrivals.keys()].slice(0, requests).includes(invocationOf(arrival) ?? '');
      return isFirst ? { kind: 'createLate', afterMs: createsAfterMs, answer: 'never' } : undefined;
    },
    list: () => ({ kind: 'listLags', lagMs: listsAfterMs }),
  },
  strike: (nth) => (nth < requests ? { at: 'send', freezeMs } : undefined),
  offsetMs: (nth) => (nth < requests ? -longestOffsetMs : longestOffsetMs),
  // A create is sent as soon as its function continues.
  keepAliveMs: 60_000,
});
