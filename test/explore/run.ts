import { BadCommand, defineCommand } from '../../infra/command/command.ts';
import { runCommand } from '../../infra/command/run-command.ts';
import { wholeNumber } from '../../infra/command/whole-number.ts';
import { type Exploration, explore } from './explore.ts';
import { type Hole, holes } from './holes.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { choicesName, numberedName, replay, scheduleOf } from './schedule.ts';

interface Row {
  readonly faults: number;
  readonly schedules: string;
  readonly walks: number;
  readonly states: number;
  readonly complete: 'yes' | 'no';
  readonly violations: number;
  /** Of the processor's time. */
  readonly seconds: number;
}

const timed = async (explored: Promise<Exploration>): Promise<readonly [Exploration, number]> => {
  const begun = process.cpuUsage();
  const exploration = await explored;
  return [exploration, Math.round(process.cpuUsage(begun).user / 1e5) / 10];
};

const exploreAll = async (
  chosen: readonly Scenario[],
  faultsAtMost: readonly number[],
  most: number,
): Promise<void> => {
  for (const scenario of chosen) {
    const rows: Row[] = [];
    for (const faults of faultsAtMost) {
      const limits = { states: most, violations: 3 };
      const [{ schedules, walks, states, isComplete, violations }, seconds] = await timed(
        explore(scenario, faults, limits),
      );
      const counted = isComplete ? schedules.toPrecision(schedules < 1e6 ? undefined : 3) : 'unknown';
      rows.push({
        faults,
        schedules: counted,
        walks,
        states,
        complete: isComplete ? 'yes' : 'no',
        violations: violations.length,
        seconds,
      });
      for (const violation of violations) {
        process.exitCode = 1;
        console.log(`\n${numberedName(scenario, faults, violation)}, or ${choicesName(scenario, faults, violation)}:`);
        console.log((await replay({ scenario, faults, choices: violation.choices })).join('\n'));
      }
    }
    console.log(scenario.name);
    console.table(rows);
  }
};

/** Shows that each guard is needed: without it a violation is found. */
const exploreWithout = async (chosen: readonly Hole[]): Promise<void> => {
  const { explorerWithout } = await import('./without-guard.ts');
  for (const hole of chosen) {
    const explorer = await explorerWithout(hole);
    const scenario = explorer.scenarios.find(({ name }) => name === hole.scenario);
    if (!scenario) throw new Error(`${hole.name}: there is no scenario ${hole.scenario}`);
    const [{ states, violations }, seconds] = await timed(explorer.explore(scenario, hole.faults));
    const [violation] = violations;
    if (!violation) process.exitCode = 1;
    const what = violation ? `${violation.says} (${numberedName(scenario, hole.faults, violation)})` : 'NOTHING FOUND';
    console.log(`${hole.name}, without ${hole.guard}: ${what}, ${states} states, ${seconds} s`);
  }
};

const named = <Item extends { readonly name: string }>(items: readonly Item[], names: readonly string[] | undefined) =>
  (names ?? items.map(({ name }) => name)).map((name) => {
    const item = items.find((one) => one.name === name);
    if (!item) throw new BadCommand(`${name} is none of ${items.map((one) => one.name).join(', ')}`);
    return item;
  });

// Problems are made by the thousand.
Error.stackTraceLimit = 3;

await runCommand(
  defineCommand({
    call: 'npm run explore',
    summary: `Takes every order of the calls of attempts at one request, with faults at any of them, and looks for violations.
test/explore/README.md explains what is explored and what is not.`,
    flags: {
      scenario: { type: 'string', argument: 'NAME', multiple: true, help: 'one scenario alone; may be repeated' },
      faults: {
        type: 'string',
        argument: 'N',
        multiple: true,
        default: ['1', '2'],
        help: 'at most so many; may be repeated',
      },
      states: { type: 'string', argument: 'N', default: '1000000', help: 'stop after so many states' },
      replay: { type: 'string', argument: 'SCHEDULE', help: 'show one walk, step by step: SCENARIO/FAULTS/NUMBER' },
      holes: { type: 'boolean', help: 'take each guard out once: a violation must be found' },
      hole: { type: 'string', argument: 'NAME', multiple: true, help: 'take out one guard alone; may be repeated' },
    },
    fails: 'a violation was found, or none with a guard taken out',
    run: async ({ values: { replay: walk, hole, scenario, ...given } }) => {
      const faults = given.faults.map((text) => wholeNumber('--faults', text, 0));
      const states = wholeNumber('--states', given.states, 1);
      if (walk !== undefined) console.log((await replay(await scheduleOf(walk, scenarios))).join('\n'));
      else if (given.holes || hole) await exploreWithout(named(holes, hole));
      else await exploreAll(named(scenarios, scenario), faults, states);
    },
  }),
);
