import type { Cold } from './cold.ts';
import type { Load } from './loads.ts';
import type { Measured } from './measure.ts';
import { ratioOf, type Spread, spreadOf } from './samples.ts';
import { farMs, nearMs } from './secure-stand-ins.ts';
import type { Warm } from './warm.ts';

/** A target, and the result of this run. */
export interface Figure extends Spread {
  readonly name: string;
  readonly atMost: number;
  /** What is reached of a target that is missed; PERFORMANCE.md says why. */
  readonly reached?: number | undefined;
  /** Whether it is a ratio of times, which other work on the machine disturbs; the others are exact. */
  readonly isTimed: boolean;
}

/** The targets for speed and size; without the ledger in comparisons with handlers that have none. */
export const figuresOf = ({
  cold,
  coldFar,
  ledgerCost,
  eventCost,
  loads,
  near,
  sizes,
}: Measured): readonly Figure[] => {
  const at = (number: number) => loads.filter(({ inFlight }) => inFlight === number);
  const alone = at(1);
  const ours = loads.filter(({ subject }) => subject === 'ours' || subject === withoutLedger);
  const sizeOfOurs = sizes.filter(({ subject }) => subject === 'ours').map(({ bytes }) => bytes / 1000);
  return [
    timed('import / standard', 0.55, ratioOf(cold, importMs, 'ours', 'standard')),
    timed('import / naive', 0.75, ratioOf(cold, importMs, 'ours', 'naive')),
    timed('first answer, ledger off / naive', 0.5, ratioOf(cold, answerMs, withoutLedger, 'naive')),
    timed('warm CPU, ledger off / naive', 0.7, ratioOf(alone, cpuMs, withoutLedger, 'naive'), 0.79),
    timed('warm CPU, ledger off / node:https', 1.6, ratioOf(alone, cpuMs, withoutLedger, 'node:https'), 2),
    timed('warm CPU at 1 in flight as deployed / standard', 1, ratioOf(alone, cpuMs, 'ours', 'standard')),
    timed('warm CPU at 100 in flight as deployed / standard', 1, ratioOf(at(100), cpuMs, 'ours', 'standard')),
    timed('warm p50 on loopback as deployed / standard', 1, ratioOf(alone, p50Ms, 'ours', 'standard')),
    timed(
      `warm p50 with ${nearMs} ms round trips as deployed / standard`,
      1,
      ratioOf(near, p50Ms, 'ours', 'standard'),
      1.25,
    ),
    timed(
      `first answer as deployed, ${farMs} ms round trips / naive`,
      0.75,
      ratioOf(coldFar, answerMs, 'ours', 'naive'),
    ),
    ...(eventCost.cpuMs.some(({ subject }) => subject === 'earlier')
      ? [timed('CPU per event / commit 6897d4e', 0.7, ratioOf(eventCost.cpuMs, perEvent, 'ours', 'earlier'))]
      : []),
    exact('PutEvents calls per batch of ten events', 1, eventCost.putEventsPerBatch),
    exact("AWS round trips of a warm create, in addition to PingOne's call", 3, ledgerCost.roundTrips),
    exact('write units per create, one to eight resources of a name', 4, [Math.max(...ledgerCost.writeUnits)]),
    exact('bytes of a request item', 999, [Math.max(...ledgerCost.requestBytes)]),
    exact('kB of the bundle', 330, sizeOfOurs),
    exact(
      'secret reads while warm',
      0,
      ours.map(({ secrets }) => secrets),
    ),
    exact(
      'token requests while warm',
      0,
      ours.map(({ tokens }) => tokens),
    ),
  ];
};

/** Whether a target is met. */
export const isEarned = ({ median, atMost }: Figure): boolean => median <= atMost;

/** Whether a figure is no worse than its target, or than what is reached of it; a margin of 0.2 lets a ratio of times be a fifth higher. */
export const isKept = ({ median, atMost, reached = atMost, isTimed }: Figure, margin: number): boolean =>
  median <= reached * (isTimed ? 1 + margin : 1);

const withoutLedger = 'ours, ledger off';

const importMs = (cold: Cold) => cold.importMs;
const answerMs = (cold: Cold) => cold.answerMs;
const cpuMs = (load: Load) => load.cpuMs;
const p50Ms = (warm: Warm) => warm.p50Ms;
const perEvent = (cost: { readonly perEvent: number }) => cost.perEvent;

const timed = (name: string, atMost: number, ratio: Spread, reached?: number): Figure => ({
  ...{ name, atMost, reached, isTimed: true },
  ...ratio,
});

const exact = (name: string, atMost: number, values: readonly number[]): Figure => ({
  name,
  atMost,
  isTimed: false,
  ...spreadOf(values),
});
