import { account } from '../../../infra/local/aws/account.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { type Chance, pick } from '../chance.ts';
import type { Intent } from '../intents.ts';
import { type Answer, ask, askStatus, textIn } from './calls.ts';
import { isOpen, scanLedger } from './ledger-scan.ts';
import type { Records } from './records.ts';
import { sourceOf, type World } from './world.ts';

/** The stage of the callers. */
export interface CallerContext {
  readonly world: World;
  readonly records: Records;
  readonly chance: Chance;
  /** Milliseconds in which all requests start. */
  readonly spreadMs: number;
  /** Called when an intent has its first answer, or when its event is sent. */
  readonly onFirstAnswer: () => void;
  /** Resolves when the storm has ended. */
  readonly stormEnd: Promise<void>;
  /** Whether the time of the run is over. */
  readonly isOver: () => boolean;
}

const pollMs = 2_000;

/** Acts as the caller of an intent, over HTTP or the bus, until the outcome is known. */
export const act = async (context: CallerContext, intent: Intent): Promise<void> => {
  const { chance, spreadMs } = context;
  await wait(chance('start', intent.number) * spreadMs);
  const doors = [create, create, create, create, create, createLater, createLater, send, send, send];
  await pick(doors, chance('door', intent.number))(context, intent);
};

/** Sends a create over HTTP, and again with its key until the answer is final. */
const create = async (context: CallerContext, intent: Intent): Promise<void> => {
  const { results } = context.records;
  await repeat(context, intent, {}, ({ status, body }) => {
    if (status === 201) results.set(intent, textIn(body, 'id'));
    else if (isFinal(context, status, body)) results.set(intent, undefined);
    return results.has(intent);
  });
};

/** Hands a create over with `respond-async`, then asks for its status until it is closed. */
const createLater = async (context: CallerContext, intent: Intent): Promise<void> => {
  const { results } = context.records;
  let location: string | undefined;
  await repeat(context, intent, { prefer: 'respond-async' }, ({ status, headers, body }) => {
    if (status === 202) location = headers.get('location') ?? undefined;
    else if (isFinal(context, status, body)) results.set(intent, undefined);
    return location !== undefined || results.has(intent);
  });
  while (location !== undefined && !results.has(intent) && !context.isOver()) {
    await wait(pollMs);
    const { body } = (await askStatus(context.world, intent, location)) ?? {};
    const state = textIn(body, 'state');
    if (state === 'created' || state === 'rejected') results.set(intent, textIn(body, 'resource.id'));
  }
};

/** Sends an event, often twice, and waits for its outcome on the bus. */
const send = async (
  { world, records, chance, onFirstAnswer, isOver }: CallerContext,
  intent: Intent,
): Promise<void> => {
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
  if (outcome) records.results.set(intent, outcome.split(' ')[1]);
};

/**
 * Calls until an answer is enough. A caller without a key and without an answer cannot retry: when the
 * storm has ended, it uses the key in the ledger, like an operator.
 */
const repeat = async (
  context: CallerContext,
  intent: Intent,
  headers: Readonly<Record<string, string>>,
  isEnough: (answer: NonNullable<Answer>) => boolean,
): Promise<void> => {
  const { chance, isOver } = context;
  let { key } = intent;
  for (let nth = 0; !isOver(); nth++) {
    if (nth > 0) key ??= await keyInLedger(context, intent);
    if (nth > 0 && key === undefined) return;
    const hangsUp = chance('hangs up', intent.number, nth) < 0.25;
    const signal = hangsUp ? AbortSignal.timeout(Math.ceil(chance('after', intent.number, nth) * 4_000)) : undefined;
    const answer = await ask(context.world, intent, { key, headers, signal });
    if (nth === 0) context.onFirstAnswer();
    if (answer && isEnough(answer)) return;
    key ??= textIn(answer?.body, 'idempotencyKey');
    await wait(waitAfter(answer, chance('impatience', intent.number, nth)));
  }
};

const isFinal = ({ records }: CallerContext, status: number, body: unknown): boolean => {
  const type = textIn(body, 'type') ?? '';
  if (type.endsWith('#PINGONE_REFUSED')) return true;
  if (status >= 500 || status === 409 || status === 429) return false;
  records.unexpected.push(`${status} ${type}`);
  return true;
};

/** Half of the callers wait as long as Retry-After says. */
const waitAfter = (answer: Answer, chance: number): number => {
  const askedMs = Number(answer?.headers.get('retry-after') ?? 1) * 1_000;
  return chance < 0.5 ? askedMs : askedMs * chance;
};

const keyInLedger = async (
  { world, records, stormEnd }: CallerContext,
  intent: Intent,
): Promise<string | undefined> => {
  await stormEnd;
  const { requests } = await scanLedger(world.awsEndpoint);
  for (const [id, request] of records.requests()) {
    if (request.intent === intent && isOpen(requests.get(id))) return request.key;
  }
  return undefined;
};

const wait = (milliseconds: number) => sleep(systemClock, milliseconds);
