import { parseArgs } from 'node:util';
import { type Exploration, explore } from './explore.ts';
import { type Hole, holes } from './holes.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { choicesName, numberedName, replay, scheduleOf } from './schedule.ts';

/** `npm run explore`: README.md says what it does. */

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    faults: { type: 'string', multiple: true, default: ['1', '2'] },
    states: { type: 'string', default: '1000000' },
    replay: { type: 'string' },
    holes: { type: 'boolean' },
    hole: { type: 'string', multiple: true },
  },
});

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

const exploreAll = async (chosen: readonly Scenario[]): Promise<void> => {
  for (const scenario of chosen) {
    const rows: Row[] = [];
    for (const faults of values.faults.map(Number)) {
      const limits = { states: Number(values.states), violations: 3 };
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
    if (!item) throw new Error(`${name} is none of ${items.map((one) => one.name).join(', ')}`);
    return item;
  });

// Problems are made by the thousand.
Error.stackTraceLimit = 3;
if (values.replay !== undefined) console.log((await replay(await scheduleOf(values.replay, scenarios))).join('\n'));
else if (values.holes || values.hole) await exploreWithout(named(holes, values.hole));
else await exploreAll(named(scenarios, values.scenario));
