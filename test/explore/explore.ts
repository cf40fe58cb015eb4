import type { Scenario } from './scenario.ts';
import { type State, textOf } from './state.ts';
import { openSteps, type Step } from './steps.ts';
import { openVisited } from './visited.ts';

/** One walk from the start to its end: which of the possible steps was taken each time. */
export interface Walk {
  /** Which one of all it is, from 1. */
  readonly number: number;
  readonly choices: readonly number[];
}

export interface Violation extends Walk {
  readonly says: string;
}

export interface Exploration {
  /** How many orders of steps there are, with their faults. */
  readonly schedules: number;
  /** How many of them were walked to their end, or to a state from where all was known. */
  readonly walks: number;
  readonly states: number;
  readonly isComplete: boolean;
  /** Each once. */
  readonly violations: readonly Violation[];
  /** The last walk. */
  readonly last: Walk;
}

/** What ends an exploration before it is complete. */
export interface Limits {
  readonly states?: number;
  readonly walks?: number;
  readonly violations?: number;
}

interface Frame {
  readonly text: string;
  readonly steps: readonly Step[];
  /** How many of the steps were taken. */
  taken: number;
  schedules: number;
}

const { POSITIVE_INFINITY: all } = Number;

/** Takes every order of a scenario's steps with so many faults; it goes on from each state once. */
export const explore = async (
  scenario: Scenario,
  faults: number,
  { states = all, walks: mostWalks = all, violations: mostViolations = 1 }: Limits = {},
): Promise<Exploration> => {
  const steps = openSteps(scenario);
  const visited = openVisited();
  const violations: Violation[] = [];
  const path: Frame[] = [];
  let last: Walk = { number: 0, choices: [] };
  let schedules = 0;

  /** Goes on to a state; says how many schedules go on from there where no step has to be taken for that. */
  const enter = (state: State): number => {
    const text = textOf(state);
    const known = state.violation === undefined ? visited.get(text) : undefined;
    const next = known === undefined ? steps.from(state) : [];
    if (next.length > 0) {
      path.push({ text, steps: next, taken: 0, schedules: 0 });
      return 0;
    }
    const choices = path.map(({ taken }) => taken - 1);
    last = { number: last.number + 1, choices };
    if (known !== undefined) return known;
    visited.set(text, 1);
    const says = steps.wrongAt(state);
    if (says !== undefined && violations.every((one) => one.says !== says)) violations.push({ ...last, says });
    return 1;
  };

  enter(steps.initial(faults));
  for (let frame = path.at(-1); frame; frame = path.at(-1)) {
    if (visited.size() >= states || last.number >= mostWalks || violations.length >= mostViolations) break;
    const step = frame.steps[frame.taken++];
    if (step) {
      const to = step.go();
      frame.schedules += enter(to instanceof Promise ? await to : to);
      continue;
    }
    path.pop();
    visited.set(frame.text, frame.schedules);
    const before = path.at(-1);
    if (before) before.schedules += frame.schedules;
    else schedules = frame.schedules;
  }
  return {
    schedules,
    walks: last.number,
    states: visited.size(),
    isComplete: path.length === 0 && violations.length < mostViolations,
    violations,
    last,
  };
};
