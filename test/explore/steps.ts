import { defaultTimings } from '../../lib/provision/timings.ts';
import type { Asked } from './histories.ts';
import { wrongEnd } from './invariants.ts';
import { openLives } from './lives.ts';
import { openOutside } from './outside.ts';
import { epoch } from './program.ts';
import { nextTime, retrying } from './retries.ts';
import type { Scenario } from './scenario.ts';
import type { Attempt, Held, State } from './state.ts';
import { type Transition, usual } from './transition.ts';
import { describeCall } from './words.ts';

/** What may happen next. */
export interface Step {
  readonly describe: () => string;
  readonly go: () => State | Promise<State>;
}

export interface Steps {
  /** The state before everything, with so many faults to come. */
  initial(faults: number): State;
  /** What may happen next; nothing at the end. */
  from(state: State): readonly Step[];
  /** What is wrong at the end. */
  wrongAt(state: State): string | undefined;
}

/** How much later than everything else the newcomer comes, at a time that many schedules share, in milliseconds. */
const muchLaterMs = 1_000_000;

/** Everything that may happen in a scenario, step by step. */
export const openSteps = (scenario: Scenario): Steps => {
  const { pastPromiseMs = 0, senders, areAlike, resources, retries } = scenario;
  const lives = openLives(scenario, (state) => outside.ledger(state));
  const aheadMs = Math.max(...senders.map((sender) => sender.aheadMs));
  const outside = openOutside({ pastPromiseMs, aheadMs }, lives.enqueue);
  const callers = senders.flatMap(({ door, request, givesUp }) => (door === 'http' && !givesUp ? (request ?? []) : []));

  const stepOf = (state: State, attempt: Attempt, asked: Asked, { label, isFault, go }: Transition): Step => ({
    describe: () => {
      const what = `${lives.nameOf(state, attempt.sender, attempt.nth)} ${describeCall(asked.call)}`;
      return `${what}${label && `: ${label}`}${isFault ? ' (fault)' : ''}`;
    },
    go: () => {
      const { state: after, fate } = go(isFault ? { ...state, faults: state.faults - 1 } : state);
      return lives.goOn(after, attempt, asked, fate);
    },
  });

  const stepsOf = (state: State, attempt: Attempt, asked: Asked, held: Held | undefined): readonly Step[] => {
    if (held?.at !== undefined && held.at > state.now) return [];
    const { answer } = held ?? {};
    const transitions = answer
      ? [usual('is answered', (now) => ({ state: now, fate: { answer } }))]
      : outside.transitionsOf(state, attempt, lives.nameOf(state, attempt.sender, attempt.nth), asked);
    const isFaulty = !held && state.faults > 0;
    return transitions
      .filter((transition) => isFaulty || !transition.isFault)
      .map((transition) => stepOf(state, attempt, asked, transition));
  };

  const begins = (state: State, place: number): Step => ({
    describe: () => `${lives.nameOf(state, place, (state.senders[place]?.tries ?? 0) + 1)} begins`,
    go: () => lives.begin(state, place),
  });

  /** A first attempt may begin, and a late write be applied, at any moment. */
  const anyTime = (state: State): readonly Step[] => {
    const unbegun = state.senders.flatMap(({ tries }, place) => (tries === 0 ? place : []));
    return [
      ...unbegun.slice(0, areAlike ? 1 : unbegun.length).map((place) => begins(state, place)),
      ...state.late.map((write) => ({
        describe: () => `late, ${write.by} ${describeCall(outside.callOf(write))}`,
        go: () => outside.applyLate(state, write),
      })),
    ];
  };

  const timePasses = (state: State, due: readonly number[]): readonly Step[] => {
    const leases = () =>
      [...outside.ledger(state).requests.values()].flatMap((item) =>
        item.state === 'sending' ? Number(item.lease) - epoch + 2 * defaultTimings.clockSkew + 1 : [],
      );
    const now = nextTime(state, due, leases);
    if (now === undefined) return [];
    return [{ describe: () => `${(now - state.now) / 1_000} s pass`, go: () => ({ ...state, now }) }];
  };

  /** After everything, a new request for the same name: what is left must not be in its way. */
  const lastOf = (state: State): readonly Step[] => {
    if (state.senders.some(({ number }) => number === lives.newcomer.number)) return [];
    const now = Math.ceil((state.now + 1) / muchLaterMs) * muchLaterMs;
    return [{ describe: () => 'much later', go: () => ({ ...state, now, senders: [lives.newcomer], faults: 0 }) }];
  };

  const from = (state: State): readonly Step[] => {
    if (state.violation !== undefined) return [];
    const again = retrying(state, retries);
    const due = again.find((place) => (state.senders[place]?.due ?? 0) <= state.now);
    if (due !== undefined) return [begins(state, due)];

    const steps: Step[] = [];
    let isBusy = false;
    for (const attempt of state.attempts) {
      for (const asked of attempt.moment.waiting) {
        const held = attempt.held.find(({ call }) => call === asked.id);
        const own = stepsOf(state, attempt, asked, held);
        // What nothing else depends on may as well be first.
        if (own.length > 0 && isPrivate(asked, held)) return own;
        isBusy ||= own.length > 0 && !held;
        steps.push(...own);
      }
    }
    steps.push(...anyTime(state), ...(isBusy ? [] : timePasses(state, again)));
    return steps.length > 0 ? steps : lastOf(state);
  };

  return {
    initial: (faults) => ({
      now: 0,
      items: [],
      senders: lives.first,
      attempts: [],
      resources: [],
      late: [],
      outcomes: [],
      pendingDeployments: [],
      faults,
    }),
    from,
    wrongAt: (state) => state.violation ?? wrongEnd(state, { most: resources + 1, callers }, outside.ledger(state)),
  };
};

/** Whether a call has to do with its own attempt alone. */
const isPrivate = ({ call }: Asked, held: Held | undefined): boolean => {
  if (held) return held.at !== undefined;
  // Nothing writes the name items of version 0.1.
  if (call.kind === 'read') return call.key.includes('#name#') && !call.key.includes('#name#2-');
  return ['token', 'show', 'timer', 'publish', 'postpone', 'addPending'].includes(call.kind);
};
