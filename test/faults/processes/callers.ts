import { account } from '../../../infra/local/aws/account.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { type Chance, pick } from '../chance.ts';
import type { Intent } from '../intents.ts';
import { type Answer, ask, askStatus, textIn } from './calls.ts';
import { isOpen, scanLedger } from './ledger-scan.ts';
import type { Records } from './records.ts';
import { sourceOf, type World } from './world.ts';

/** What callers act in. */
export interface Scene {
  readonly world: World;
  readonly records: Records;
  readonly chance: Chance;
  /** In how many milliseconds all requests have come in. */
  readonly spreadMs: number;
  /** To be called when an intent had its first answer, or its event is sent. */
  readonly onFirstAnswer: () => void;
  /** Ends with the storm. */
  readonly calm: Promise<void>;
  /** Whether the time for everything is over. */
  readonly isOver: () => boolean;
}

const pollMs = 2_000;

/** Does what the caller of an intent does, by the door that it takes, until it is told what became of it. */
export const act = async (scene: Scene, intent: Intent): Promise<void> => {
  const { chance, spreadMs } = scene;
  await wait(chance('start', intent.number) * spreadMs);
  const ways = [create, create, create, create, create, createLater, createLater, send, send, send];
  await pick(ways, chance('door', intent.number))(scene, intent);
};

/** Sends a create over HTTP, and again with its key until the answer is final. */
const create = async (scene: Scene, intent: Intent): Promise<void> => {
  const { told } = scene.records;
  await repeat(scene, intent, {}, ({ status, body }) => {
    if (status === 201) told.set(intent, textIn(body, 'id'));
    else if (isFinal(scene, status, body)) told.set(intent, undefined);
    return told.has(intent);
  });
};

/** Hands a create over with `respond-async`, then asks for its status until it is closed. */
const createLater = async (scene: Scene, intent: Intent): Promise<void> => {
  const { told } = scene.records;
  let location: string | undefined;
  await repeat(scene, intent, { prefer: 'respond-async' }, ({ status, headers, body }) => {
    if (status === 202) location = headers.get('location') ?? undefined;
    else if (isFinal(scene, status, body)) told.set(intent, undefined);
    return location !== undefined || told.has(intent);
  });
  while (location !== undefined && !told.has(intent) && !scene.isOver()) {
    await wait(pollMs);
    const { body } = (await askStatus(scene.world, intent, location)) ?? {};
    const state = textIn(body, 'state');
    if (state === 'created' || state === 'rejected') told.set(intent, textIn(body, 'resource.id'));
  }
};

/** Sends an event, often twice, and waits for its outcome on the bus. */
const send = async ({ world, records, chance, onFirstAnswer, isOver }: Scene, intent: Intent): Promise<void> => {
  const { endpoint, number, caller, key, body } = intent;
  const id = `event ${number}`;
  records.arrivals.set(id, intent);
  const detail = { version: '1', ...endpoint.example.parameters, body, ...(key && { idempotencyKey: key }) };
  const origin = { source: sourceOf(caller), account, time: '2026-01-01T00:00:00Z' };
  const event = JSON.stringify({ id, ...origin, 'detail-type': endpoint.event, detail });
  const deliver = () => world.queues.get(endpoint.name)?.queue.send({ body: event });
  deliver();
  onFirstAnswer();
  if (chance('again', number) < 0.4) {
    await wait(chance('again after', number) ** 2 * 15_000);
    deliver();
  }
  while (!records.outcomes.has(id) && !isOver()) await wait(500);
  const [outcome] = records.outcomes.get(id) ?? [];
  if (outcome) records.told.set(intent, outcome.split(' ')[1]);
};

/**
 * Calls until an answer is enough. A caller that gave no key and got no answer has none to call again with: when the
 * storm is over, an operator takes it from the ledger.
 */
const repeat = async (
  scene: Scene,
  intent: Intent,
  headers: Readonly<Record<string, string>>,
  isEnough: (answer: NonNullable<Answer>) => boolean,
): Promise<void> => {
  const { chance, isOver } = scene;
  let { key } = intent;
  for (let nth = 0; !isOver(); nth++) {
    if (nth > 0) key ??= await keyInLedger(scene, intent);
    if (nth > 0 && key === undefined) return;
    const hangsUp = chance('hangs up', intent.number, nth) < 0.25;
    const signal = hangsUp ? AbortSignal.timeout(Math.ceil(chance('after', intent.number, nth) * 4_000)) : undefined;
    const answer = await ask(scene.world, intent, { key, headers, signal });
    if (nth === 0) scene.onFirstAnswer();
    if (answer && isEnough(answer)) return;
    key ??= textIn(answer?.body, 'idempotencyKey');
    await wait(waitAfter(answer, chance('impatience', intent.number, nth)));
  }
};

const isFinal = ({ records }: Scene, status: number, body: unknown): boolean => {
  const type = textIn(body, 'type') ?? '';
  if (type.endsWith('#PINGONE_REFUSED')) return true;
  if (status >= 500 || status === 409 || status === 429) return false;
  records.unexpected.push(`${status} ${type}`);
  return true;
};

/** Half of the callers wait for as long as they are told to. */
const waitAfter = (answer: Answer, chance: number): number => {
  const askedMs = Number(answer?.headers.get('retry-after') ?? 1) * 1_000;
  return chance < 0.5 ? askedMs : askedMs * chance;
};

const keyInLedger = async ({ world, records, calm }: Scene, intent: Intent): Promise<string | undefined> => {
  await calm;
  const { requests } = await scanLedger(world.awsEndpoint);
  for (const [id, request] of records.requests()) {
    if (request.intent === intent && isOpen(requests.get(id))) return request.key;
  }
  return undefined;
};

const wait = (milliseconds: number) => sleep(systemClock, milliseconds);
