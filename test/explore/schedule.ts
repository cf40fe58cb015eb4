import { BadCommand } from '../../infra/command/command.ts';
import { explore, type Walk } from './explore.ts';
import type { Scenario } from './scenario.ts';
import { openSteps } from './steps.ts';

/** One walk by its name: `SCENARIO/FAULTS/NUMBER`, or by its choices that are not the first, `SCENARIO/FAULTS/STEP:CHOICE,…`. */
export interface Schedule {
  readonly scenario: Scenario;
  readonly faults: number;
  readonly choices: readonly number[];
}

export const numberedName = ({ name }: Scenario, faults: number, { number }: Walk): string =>
  `${name}/${faults}/${number}`;

export const choicesName = ({ name }: Scenario, faults: number, { choices }: Walk): string => {
  const others = choices.flatMap((choice, step) => (choice > 0 ? [`${step}:${choice}`] : []));
  return `${name}/${faults}/${others.join() || '0:0'}`;
};

/** Finds the walk of a name; throws where there is none. */
export const scheduleOf = async (name: string, scenarios: readonly Scenario[]): Promise<Schedule> => {
  const [, which, count = '', walk = ''] = /^([\w-]+)\/(\d+)\/([\d:,]+)$/.exec(name) ?? [];
  const scenario = scenarios.find((one) => one.name === which);
  if (!scenario) throw new BadCommand(`${name} names no schedule: expected SCENARIO/FAULTS/NUMBER`);
  const faults = Number(count);
  if (walk.includes(':')) return { scenario, faults, choices: choicesIn(walk) };
  const { last } = await explore(scenario, faults, { walks: Number(walk), violations: Number.POSITIVE_INFINITY });
  if (last.number !== Number(walk)) throw new BadCommand(`${name}: there are only ${last.number} walks`);
  return { scenario, faults, choices: last.choices };
};

const choicesIn = (walk: string): readonly number[] => {
  const choices: number[] = [];
  for (const part of walk.split(',')) {
    const [step = 0, choice = 0] = part.split(':').map(Number);
    while (choices.length < step) choices.push(0);
    choices[step] = choice;
  }
  return choices;
};

/** Takes a walk once more, to its very end, and tells each step; the last line is what is wrong, or that nothing is. */
export const replay = async ({ scenario, faults, choices }: Schedule): Promise<readonly string[]> => {
  const steps = openSteps(scenario);
  const lines: string[] = [];
  let state = steps.initial(faults);
  for (let next = steps.from(state); next.length > 0; next = steps.from(state)) {
    const choice = choices[lines.length] ?? 0;
    const step = next[choice];
    if (!step) throw new Error(`step ${lines.length} has no choice ${choice}`);
    lines.push(`${String(lines.length).padStart(4)}  +${(state.now / 1_000).toFixed(1)} s  ${step.describe()}`);
    state = await step.go();
  }
  return [...lines, steps.wrongAt(state) ?? 'Nothing is wrong.'];
};
