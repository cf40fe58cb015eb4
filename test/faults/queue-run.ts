import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import { type Fate, type System, startSystem } from '../harness/system.ts';
import { eachOf } from './callers.ts';
import { chanceOf } from './chance.ts';
import { type CallerResults, compare, openIDs, ownersIn } from './compare.ts';
import type { Figures } from './figures.ts';
import { type Intent, intentsOf } from './intents.ts';
import { type StormOptions, storm } from './storm.ts';

const minute = 60_000;

/** Shorter than the function's time-out, so that a message is redelivered while it is being processed. */
const visibilityTimeoutSeconds = 20;

/** How requests get to a queue function, and how each is known again. */
export interface Way {
  /** The id of a request's arrival. */
  arrivalOf(intent: Intent): string;
  /** The id of the arrival that an outcome is about. */
  arrivalIn(detail: Readonly<Record<string, unknown>>): string;
  /** The id of the arrival in a message of a queue. */
  messageOf(message: Readonly<Record<string, unknown>>): string;
  /** `fateOf` says at which step the next function dies. */
  open(
    system: System,
    bus: Bus,
    endpoint: Endpoint,
    fateOf: (onDeath: () => void) => Fate,
  ): { readonly send: (intent: Intent) => Promise<unknown>; readonly close: () => void };
}

/** Events, as the rule of the bus delivers them. */
const byEvent: Way = {
  arrivalOf: ({ number }) => `event ${number}`,
  arrivalIn: ({ sourceEventID }) => String(sourceEventID),
  messageOf: ({ id }) => String(id),
  open: (_system, bus) => ({ send: (intent) => bus.send(messageOf(intent)), close: () => {} }),
};

/** Sends the same requests to queues while everything fails, often more than once, and counts the outcomes. */
export const runQueue = async (
  seed: number,
  requests: number,
  options: StormOptions = {},
  way: Way = byEvent,
): Promise<Figures> => {
  const chance = chanceOf(seed);
  const weather = storm(chance, options);
  const system = await startSystem(weather.options);
  weather.attachTo(system);
  let invocations = 0;
  const dies = () => weather.dies(`invocation ${invocations++}`);
  const doors = new Map(
    endpoints.map((endpoint) => [endpoint.name, startBus(system, endpoint, { dies, visibilityTimeoutSeconds })]),
  );
  const fateOf = (onDeath: () => void): Fate => ({ dies: dies(), sleeps: {}, onDeath });
  const senders = new Map(
    endpoints.flatMap((endpoint) => {
      const bus = doors.get(endpoint.name);
      return bus ? [[endpoint.name, way.open(system, bus, endpoint, fateOf)] as const] : [];
    }),
  );
  try {
    const intents = intentsOf(requests, chance);
    const arrivals = new Map(intents.map((intent) => [way.arrivalOf(intent), intent]));
    await eachOf(intents, async (intent) => {
      const copies = 1 + Math.floor(chance('copies', intent.number) ** 3 * 3);
      for (let copy = 0; copy < copies; copy++) {
        await system.pass(chance('delay', intent.number, copy) * minute);
        await senders.get(intent.endpoint.name)?.send(intent);
      }
    });
    await system.pass(10 * minute);
    weather.end();
    // Long enough for each waiting message to be retried, too short for any to expire.
    await system.pass(300 * minute);

    const places = [...doors.values()].map((bus) => placesIn(bus, way));
    const results: CallerResults = new Map();
    let misplaced = 0;
    for (const [arrival, intent] of arrivals) {
      const created = new Set(places.flatMap((place) => [...(place.created.get(arrival) ?? [])]));
      const isRejected = places.some(({ rejected }) => rejected.has(arrival));
      const isLeft = places.some(({ left }) => left.has(arrival));
      if (created.size + Number(isRejected) + Number(isLeft) !== 1) misplaced++;
      if (created.size > 0 || isRejected) results.set(intent, [...created][0]);
    }
    const unknown = (await openIDs(system)).size;
    const figures = compare(system, results, arrivals, weather.senders, await ownersIn(system));
    return { ...figures, requests, unknown, misplaced, faults: weather.counts };
  } finally {
    for (const sender of senders.values()) sender.close();
    for (const door of doors.values()) await door.close();
    await system.close();
  }
};

const messageOf = (intent: Intent): string => {
  const { endpoint, body, caller, key } = intent;
  const detail = { version: '1', ...endpoint.example.parameters, body, ...(key && { idempotencyKey: key }) };
  const time = '2026-01-01T00:00:00Z';
  return JSON.stringify({
    id: byEvent.arrivalOf(intent),
    ...senderOf(`com.example.${caller}`).event,
    time,
    'detail-type': endpoint.event,
    detail,
  });
};

/** Where the requests of a door are in the end, by the id of their arrival. */
const placesIn = ({ outcomes, queue, deadLetters }: Bus, way: Way) => {
  const created = new Map<string, Set<string>>();
  const rejected = new Set<string>();
  for (const { type, detail } of outcomes) {
    const arrival = way.arrivalIn(detail);
    if (type.endsWith('Rejected')) rejected.add(arrival);
    if (type.endsWith('Created'))
      created.set(arrival, (created.get(arrival) ?? new Set()).add(Object(detail.resource).id));
  }
  const left = new Set(
    [...queue.messages(), ...deadLetters.messages()].map(({ body }) => way.messageOf(Object(JSON.parse(body)))),
  );
  return { created, rejected, left };
};
