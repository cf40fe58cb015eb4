import { endpoints } from '../../lib/endpoints/index.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import { startSystem } from '../harness/system.ts';
import { eachOf } from './callers.ts';
import { chanceOf } from './chance.ts';
import { type CallerResults, compare, openIDs, ownersIn } from './compare.ts';
import type { Figures } from './figures.ts';
import { type Intent, intentsOf } from './intents.ts';
import { type StormOptions, storm } from './storm.ts';

const minute = 60_000;

/** Shorter than the function's time-out, so that a message is redelivered while it is being processed. */
const visibilityTimeoutSeconds = 20;

/** Puts the same requests on the bus while everything fails, often more than once, and counts the outcomes. */
export const runQueue = async (seed: number, requests: number, options: StormOptions = {}): Promise<Figures> => {
  const chance = chanceOf(seed);
  const weather = storm(chance, options);
  const system = await startSystem(weather.options);
  weather.attachTo(system);
  let invocations = 0;
  const dies = () => weather.dies(`invocation ${invocations++}`);
  const doors = new Map(
    endpoints.map((endpoint) => [endpoint.name, startBus(system, endpoint, { dies, visibilityTimeoutSeconds })]),
  );
  try {
    const intents = intentsOf(requests, chance);
    const arrivals = new Map(intents.map((intent) => [eventIDOf(intent), intent]));
    await eachOf(intents, async (intent) => {
      const copies = 1 + Math.floor(chance('copies', intent.number) ** 3 * 3);
      for (let copy = 0; copy < copies; copy++) {
        await system.pass(chance('delay', intent.number, copy) * minute);
        await doors.get(intent.endpoint.name)?.send(messageOf(intent));
      }
    });
    await system.pass(10 * minute);
    weather.end();
    // Long enough for each waiting message to be retried, too short for any to expire.
    await system.pass(300 * minute);

    const places = [...doors.values()].map(placesIn);
    const results: CallerResults = new Map();
    let misplaced = 0;
    for (const [eventID, intent] of arrivals) {
      const created = new Set(places.flatMap((place) => [...(place.created.get(eventID) ?? [])]));
      const isRejected = places.some(({ rejected }) => rejected.has(eventID));
      const isLeft = places.some(({ left }) => left.has(eventID));
      if (created.size + Number(isRejected) + Number(isLeft) !== 1) misplaced++;
      if (created.size > 0 || isRejected) results.set(intent, [...created][0]);
    }
    const unknown = (await openIDs(system)).size;
    const figures = compare(system, results, arrivals, weather.senders, await ownersIn(system));
    return { ...figures, requests, unknown, misplaced, faults: weather.counts };
  } finally {
    for (const door of doors.values()) await door.close();
    await system.close();
  }
};

const eventIDOf = ({ number }: Intent) => `event ${number}`;

const messageOf = (intent: Intent): string => {
  const { endpoint, body, caller, key } = intent;
  const detail = { version: '1', ...endpoint.example.parameters, body, ...(key && { idempotencyKey: key }) };
  const time = '2026-01-01T00:00:00Z';
  return JSON.stringify({
    id: eventIDOf(intent),
    ...senderOf(`com.example.${caller}`).event,
    time,
    'detail-type': endpoint.event,
    detail,
  });
};

/** Where the events of an endpoint are at the end, by event id. */
const placesIn = ({ outcomes, queue, deadLetters }: Bus) => {
  const created = new Map<string, Set<string>>();
  const rejected = new Set<string>();
  for (const { type, detail } of outcomes) {
    const eventID = String(detail.sourceEventID);
    if (type.endsWith('Rejected')) rejected.add(eventID);
    if (type.endsWith('Created'))
      created.set(eventID, (created.get(eventID) ?? new Set()).add(Object(detail.resource).id));
  }
  const left = new Set(
    [...queue.messages(), ...deadLetters.messages()].map(({ body }) => String(Object(JSON.parse(body)).id)),
  );
  return { created, rejected, left };
};
