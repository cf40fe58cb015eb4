import { outcomeType } from '../../../lib/queue/outcome.ts';
import type { StandIns } from './stand-ins.ts';

/** How many events were not made exactly once, or not told of exactly once. */
export const wrongIn = (asked: ReadonlyMap<string, string>, { endpoint, made, outcomes }: StandIns): number => {
  const created = outcomeType(endpoint, 'Created');
  const makes = countOf(made());
  const tells = countOf(outcomes.map(({ sourceEventID }) => sourceEventID));
  const rightly = countOf(
    outcomes.filter(({ type, how }) => type === created && how === 'created').map((outcome) => outcome.sourceEventID),
  );
  const isRight = ([event, name]: readonly [string, string]): boolean =>
    makes.get(name) === 1 && tells.get(event) === 1 && rightly.get(event) === 1;
  return [...asked].filter((each) => !isRight(each)).length + Math.max(0, made().length - asked.size);
};

const countOf = (values: readonly unknown[]): ReadonlyMap<unknown, number> => {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
