import { requestIDOf } from '../../lib/provision/identity.ts';
import { type CallerAnswer, startSystem } from '../harness/system.ts';
import { eachOf } from './callers.ts';
import { chanceOf } from './chance.ts';
import { type CallerResults, compare, openIDs, ownersIn } from './compare.ts';
import type { Figures } from './figures.ts';
import { type Intent, intentsOf } from './intents.ts';
import { type StormOptions, storm } from './storm.ts';

const callsInStorm = 4;
const callsAfter = 20;

/** Sends requests through the gateway while everything fails, then retries open requests, and counts the resources in PingOne. */
export const runGateway = async (seed: number, requests: number, options: StormOptions = {}): Promise<Figures> => {
  const chance = chanceOf(seed);
  const weather = storm(chance, options);
  const system = await startSystem(weather.options);
  weather.attachTo(system);
  try {
    const intents = intentsOf(requests, chance);
    const results: CallerResults = new Map();
    const keys = new Map(intents.map((intent) => [intent, intent.key]));
    const arrivals = new Map<string, Intent>();

    const call = async (intent: Intent, nth: number): Promise<void> => {
      const arrivalID = `${intent.number}.${nth}`;
      arrivals.set(arrivalID, intent);
      const answer = await system.ask({ ...intent, key: keys.get(intent), arrivalID, dies: weather.dies(arrivalID) });
      if (isFinal(answer)) {
        results.set(intent, 'id' in answer ? answer.id : undefined);
        return;
      }
      keys.set(intent, keys.get(intent) ?? keyIn(answer));
      await system.pass(waitAfter(answer, chance('impatience', arrivalID)));
    };

    await eachOf(intents, async (intent) => {
      // A caller without a key and without an answer cannot retry.
      for (let nth = 0; nth < callsInStorm && !results.has(intent) && (nth === 0 || keys.get(intent)); nth++)
        await call(intent, nth);
    });
    weather.end();

    for (let nth = callsInStorm; nth < callsInStorm + callsAfter; nth++) {
      // Like an operator: retries a request without key and answer by its key in the ledger.
      const open = await openIDs(system);
      for (const [arrivalID, intent] of arrivals) {
        if (!results.has(intent) && !keys.get(intent) && open.has(requestIDFor(intent, arrivalID)))
          keys.set(intent, arrivalID);
      }
      const left = intents.filter((intent) => !results.has(intent) && keys.get(intent));
      if (left.length === 0) break;
      await eachOf(left, (intent) => call(intent, nth));
    }
    // By then PingOne has completed all late creates.
    await system.pass(600_000);

    const owners = await ownersIn(system);
    const unknown = (await openIDs(system)).size;
    return {
      ...compare(system, results, arrivals, weather.senders, owners),
      requests,
      unknown,
      misplaced: 0,
      faults: weather.counts,
    };
  } finally {
    await system.close();
  }
};

const isFinal = (answer: CallerAnswer): boolean => {
  if (answer.answered === 'died') return false;
  if (answer.answered === 201 || ('problem' in answer && answer.problem.code === 'PINGONE_REFUSED')) return true;
  return answer.answered < 500 && answer.answered !== 409 && answer.answered !== 429;
};

const keyIn = (answer: CallerAnswer) => ('problem' in answer ? answer.problem.facts.idempotencyKey : undefined);

/** Half of the callers wait as long as Retry-After says. */
const waitAfter = (answer: CallerAnswer, chance: number): number => {
  const asked = 'problem' in answer ? (answer.problem.facts.retryAfterMs ?? 1_000) : 5_000;
  return chance < 0.5 ? asked : asked * chance;
};

const requestIDFor = ({ caller, endpoint }: Intent, key: string) =>
  requestIDOf(caller, endpoint, endpoint.example.parameters, key);
