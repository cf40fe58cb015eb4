import type { InterceptAws } from '../../../infra/local/aws/aws.ts';
import { throttled } from '../../../infra/local/aws/service.ts';
import { createFaults, type Fault } from '../../../infra/local/sandbox/create-faults.ts';
import { draw as drawFault } from '../../../infra/local/sandbox/fault-kind.ts';
import { createKinds, listKinds } from '../../../infra/local/sandbox/fault-profile.ts';
import { type ListFault, listFaults } from '../../../infra/local/sandbox/list-faults.ts';
import type { Faults } from '../../../infra/local/sandbox/sandbox.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { type Chance, pick } from '../chance.ts';
import { freezeBoundMs, hurry, longestOffsetMs } from './times.ts';
import type { Strike, Weather } from './weather.ts';

/** How often each thing goes wrong, from 0 to 1; of calls, or for processes of invocations. */
const rates = {
  create: 0.5,
  list: 0.3,
  throttled: 0.02,
  slow: 0.03,
  tooSlow: 0.005,
  appliedLate: 0.005,
  lost: 0.02,
  killed: 0.2,
  frozen: 0.1,
  frozenBeforeSend: 0.1,
};

/** In milliseconds: what still comes in time, and what comes after the SDK's time-out of 3 s, when it has repeated the call. */
const slowMs = 1_500;
const tooSlowMs = 3_500;

/** Within how many of its calls, or milliseconds, a process is struck. */
const steps = 10;
const strikeWithinMs = 2_500;

/** So short that the connections of functions that rest die, so long that those of frozen ones live. In milliseconds. */
const keepAliveMs = freezeBoundMs + 3_000;

/** Everything that can go wrong within the bounds, at random, until it is over. */
export const storm = (chance: Chance) => {
  const counts = new Map<string, number>();
  let draws = 0;
  let isActive = true;
  const draw = (what: string) => chance(what, draws++);
  const strikes = (kind: keyof typeof rates) => isActive && draw(kind) < rates[kind];
  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);

  const intercept: InterceptAws = async (moment, { service }) => {
    if (service === 'secretsmanager') return undefined;
    const name = service.split('_')[0];
    if (moment === 'before' && strikes('throttled')) {
      count(`${name} throttled`);
      return throttled();
    }
    if (moment === 'before' && strikes('appliedLate')) {
      count(`${name}'s change applied late`);
      await sleep(systemClock, tooSlowMs);
    }
    if (strikes('slow')) {
      count(`${name} slow`);
      await sleep(systemClock, draw('slow for') * slowMs);
    }
    if (moment === 'after' && strikes('tooSlow')) {
      count(`${name}'s answer too late`);
      await sleep(systemClock, tooSlowMs);
    }
    if (moment === 'after' && strikes('lost')) {
      count(`${name}'s answer lost`);
      return 'reset';
    }
    return undefined;
  };

  const faults: Faults = {
    create: () => {
      if (!strikes('create')) return undefined;
      const kind = pick(createKinds, draw('create kind'));
      count(kind);
      return hurried(drawFault(createFaults, kind, () => draw('create fault')));
    },
    list: () => {
      if (!strikes('list')) return undefined;
      const kind = pick(listKinds, draw('list kind'));
      count(kind);
      return hurriedList(drawFault(listFaults, kind, () => draw('list fault')));
    },
  };

  /** Half of the freezes are as long as they may be. */
  const freezeMs = (nth: number) => Math.min(1, 2 * chance('freeze for', nth)) * freezeBoundMs;

  const strike = (nth: number): Strike | undefined => {
    if (strikes('frozenBeforeSend')) return { at: 'send', freezeMs: freezeMs(nth) };
    const isStep = chance('by step', nth) < 0.7;
    const at = isStep
      ? { step: 1 + Math.floor(chance('step', nth) * steps) }
      : { ms: chance('ms', nth) ** 3 * strikeWithinMs };
    if (strikes('frozen')) return { at, freezeMs: freezeMs(nth) };
    return strikes('killed') ? { at } : undefined;
  };

  /** Most clocks are as far apart as they may be. */
  const offsetMs = (nth: number): number => {
    const far = pick([-1, 1], chance('clock', nth));
    return longestOffsetMs * (chance('far', nth) < 0.7 ? far : far * chance('near', nth));
  };

  const weather: Weather = { intercept, faults, strike, offsetMs, keepAliveMs };
  return {
    weather,
    counts,
    end: () => {
      isActive = false;
    },
  };
};

const hurried = (fault: Fault): Fault =>
  'afterMs' in fault ? { ...fault, afterMs: fault.afterMs / hurry.create } : fault;

const hurriedList = (fault: ListFault): ListFault =>
  'lagMs' in fault ? { ...fault, lagMs: fault.lagMs / hurry.list } : fault;
