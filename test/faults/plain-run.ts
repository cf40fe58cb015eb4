import { randomUUID } from 'node:crypto';
import { createCall } from '../../lib/pingone/request.ts';
import { retryAfterMs } from '../../lib/pingone/retry-after.ts';
import { sleep } from '../../lib/runtime/clock.ts';
import { jsonOf } from '../../lib/runtime/connection.ts';
import { type Step, type System, startSystem } from '../harness/system.ts';
import { eachOf } from './callers.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type CallerResults, compare } from './compare.ts';
import type { Figures } from './figures.ts';
import { type Intent, intentsOf } from './intents.ts';
import { storm } from './storm.ts';

/** As PingOne's Go client has it (pingone-go-client, `pingone/client.go`): tries, statuses, and waits in milliseconds. */
const maxTries = 10;
const retried = new Set([408, 429, 500, 502, 503, 504]);
const maxWaitMs = 30_000;
/** The client has no timeout of its own, only the caller's. */
const callTimeoutMs = 60_000;

const callsPerIntent = 5;

type CallerAnswer = { readonly id: string } | 'refused' | 'failed' | 'died';

/** Sends the same requests with a client that just retries, while the same things fail. */
export const runPlainClient = async (seed: number, requests: number): Promise<Figures> => {
  const chance = chanceOf(seed);
  const weather = storm(chance);
  const system = await startSystem(weather.options);
  weather.attachTo(system);
  try {
    const intents = intentsOf(requests, chance);
    const results: CallerResults = new Map();
    const arrivals = new Map<string, Intent>();
    let unknown = 0;
    await eachOf(intents, async (intent) => {
      for (let nth = 0; nth < callsPerIntent; nth++) {
        const arrivalID = `${intent.number}.${nth}`;
        arrivals.set(arrivalID, intent);
        const dies = weather.dies(arrivalID);
        const answer = await system.plain.arrival.run(arrivalID, () => create(system, intent, arrivalID, dies, chance));
        if (answer === 'refused' || typeof answer === 'object') {
          results.set(intent, typeof answer === 'object' ? answer.id : undefined);
          return;
        }
        await system.pass(1_000);
      }
      unknown++;
    });
    weather.end();
    await system.pass(600_000);
    return {
      ...compare(system, results, arrivals, weather.senders, new Map()),
      requests,
      unknown,
      misplaced: 0,
      faults: weather.counts,
    };
  } finally {
    await system.close();
  }
};

const create = async (
  system: System,
  intent: Intent,
  arrivalID: string,
  dies: (step: Step) => boolean,
  chance: Chance,
): Promise<CallerAnswer> => {
  const { plain, clock } = system;
  const { endpoint, body } = intent;
  const request = {
    endpoint,
    body,
    parameters: endpoint.example.parameters,
    correlation: { transactionID: randomUUID() },
  };
  for (let nth = 0; nth < maxTries; nth++) {
    try {
      const token = await plain.token(clock.now() + callTimeoutMs);
      if (dies('before plain create')) return 'died';
      const answer = await plain.send(createCall(request, token), callTimeoutMs);
      if (dies('after plain create')) return 'died';
      if (answer.status === 401) plain.refused(token);
      else if (answer.status === 201) return createdIn(answer.body);
      else if (!retried.has(answer.status)) return answer.status < 400 ? 'failed' : 'refused';
      await sleep(
        clock,
        retryAfterMs(answer, clock.now()) ?? Math.min(maxWaitMs, 2 ** nth * 1_000 + chance(arrivalID, nth) * 100),
      );
    } catch {
      // The client returns a network error to its caller at once.
      return 'failed';
    }
  }
  return 'failed';
};

const createdIn = (body: Buffer): CallerAnswer => {
  const { id } = Object(jsonOf(body));
  return typeof id === 'string' ? { id } : 'failed';
};
