import { describe, expect, it } from 'vitest';
import { type Exploration, explore } from './explore.ts';
import { scenarios } from './scenarios.ts';
import { choicesName, numberedName, replay, scheduleOf } from './schedule.ts';

const scenarioOf = (name: string) => {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  return scenario;
};

/** What an exploration comes to, with how each violation is seen again. */
const outcomeOf = (name: string, faults: number, { isComplete, schedules, violations }: Exploration) => ({
  isComplete,
  hasSchedules: schedules > 0,
  violations: violations.map(
    (one) => `${one.says}: npm run explore -- --replay ${choicesName(scenarioOf(name), faults, one)}`,
  ),
});

const clean = { isComplete: true, hasSchedules: true, violations: [] };

describe('every schedule', () => {
  it.each(scenarios.map(({ name }) => name).filter((name) => name !== 'three'))(
    'of %s without a fault keeps the promise',
    async (name) => {
      expect(outcomeOf(name, 0, await explore(scenarioOf(name), 0))).toEqual(clean);
    },
  );

  it.each(['one-caller', 'refused', 'same-key'])('of %s with one fault keeps the promise', async (name) => {
    expect(outcomeOf(name, 1, await explore(scenarioOf(name), 1))).toEqual(clean);
  });
});

describe('a schedule that breaks the promise', () => {
  // A list that is further behind than is promised.
  const late = { ...scenarioOf('one-caller'), pastPromiseMs: 1_000 };

  it('is found, and is seen again by its number and by its choices', async () => {
    const { violations, isComplete } = await explore(late, 1);
    const [violation] = violations;
    if (!violation) throw new Error('nothing was found');
    expect(isComplete).toBe(false);
    expect(violation.says).toMatch(/^the request \w+ makes R-A\d\.\d, and has made R-A1\.1$/);
    const names = [numberedName(late, 1, violation), choicesName(late, 1, violation)];
    for (const name of names) {
      const lines = await replay(await scheduleOf(name, [late]));
      expect(lines.at(-1)).toBe(violation.says);
      expect(lines.filter((line) => line.endsWith('(fault)'))).toHaveLength(1);
    }
  });

  it('has a name that is refused where it names none', async () => {
    for (const name of ['', 'one-caller', 'none/1/1', 'one-caller/1/x']) {
      await expect(scheduleOf(name, scenarios)).rejects.toThrow('names no schedule');
    }
    await expect(scheduleOf('one-caller/0/99', scenarios)).rejects.toThrow('there are only');
  });
});
