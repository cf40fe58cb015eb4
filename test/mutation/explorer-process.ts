import { explorerWith } from '../explore/without-guard.ts';
import { type Mutant, replaceIn } from './mutants.ts';
import type { Verdict } from './verdict.ts';

/** A process that explores mutants one after the other: it receives each as a message, and answers with the violation that kills it. */

/** Quick ones first. Without a mutant, all but the last four are complete. */
const explorations: readonly { readonly scenario: string; readonly faults: number; readonly states: number }[] = [
  { scenario: 'one-caller', faults: 1, states: 4_000 },
  { scenario: 'refused', faults: 1, states: 2_500 },
  { scenario: 'two-keys', faults: 0, states: 1_000 },
  { scenario: 'without-key', faults: 0, states: 1_000 },
  { scenario: 'one-key-two-bodies', faults: 0, states: 1_000 },
  { scenario: 'accepted', faults: 0, states: 1_000 },
  { scenario: 'one-event-twice', faults: 1, states: 5_000 },
  { scenario: 'same-key-clocks', faults: 1, states: 5_000 },
  { scenario: 'two-keys', faults: 1, states: 5_000 },
  { scenario: 'without-key', faults: 1, states: 5_000 },
];

const verdictOn = async (mutant: Mutant): Promise<Verdict> => {
  let isLoaded = false;
  const explorer = await explorerWith(String(++loads), (file, text) => {
    if (file !== mutant.file) return text;
    isLoaded = true;
    return replaceIn(text, mutant);
  });
  if (!isLoaded) return {};
  for (const { scenario: name, faults, states } of explorations) {
    const scenario = explorer.scenarios.find((one) => one.name === name);
    if (!scenario) throw new Error(`there is no scenario ${name}`);
    const { violations } = await explorer.explore(scenario, faults, { states });
    if (violations[0]) return { by: `explorer, ${name}/${faults}: ${violations[0].says.split('\n')[0]}` };
  }
  return {};
};

let loads = 0;
Error.stackTraceLimit = 3;
process.on('message', (mutant: Mutant) => {
  verdictOn(mutant).then(
    (verdict) => process.send?.(verdict),
    // The code can't be loaded, or makes a call that the model lacks.
    (error) => process.send?.({ failed: String(error) } satisfies Verdict),
  );
});
