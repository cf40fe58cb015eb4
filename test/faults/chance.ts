import { hash } from 'node:crypto';

/** A number from 0 to 1 for a name: the same on every run, regardless of the order of events. */
export type Chance = (...name: readonly unknown[]) => number;

export const chanceOf =
  (seed: number): Chance =>
  (...name) =>
    hash('sha256', JSON.stringify([seed, ...name]), 'buffer').readUInt32BE() / 2 ** 32;

/** One of several, by chance. */
export const pick = <Item>(items: readonly Item[], chance: number): Item => {
  const item = items[Math.floor(chance * items.length)];
  if (item === undefined) throw new RangeError('there is nothing to pick from');
  return item;
};
