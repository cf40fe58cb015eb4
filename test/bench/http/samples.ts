import { median } from '../median.ts';
import type { SubjectName } from './subjects.ts';

/** The result of one subject in one round. */
export type Sample<Result, Name = SubjectName> = Result & { readonly subject: Name; readonly round: number };

/** A median, with the lowest and the highest value. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Measures all subjects in every round, so that a change in the machine's pace affects all. The order is random, since
 * each run leaves state in the stand-ins that slows the next one.
 */
export const interleaved = async <Name, Measured extends { readonly name: Name }, Result extends object>(
  rounds: number,
  subjects: readonly (Measured & { readonly name: Name })[],
  measure: (subject: Measured, round: number) => Promise<Result>,
): Promise<readonly Sample<Result, Name>[]> => {
  const samples: Sample<Result, Name>[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const subject of shuffled(subjects)) {
      samples.push({ ...(await measure(subject, round)), subject: subject.name, round });
    }
  }
  return samples;
};

const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  lowest: Math.min(...values),
  highest: Math.max(...values),
});

/** The ratio of two subjects, by rounds. */
export const ratioOf = <Result, Name>(
  samples: readonly Sample<Result, Name>[],
  measured: (result: Result) => number,
  subject: NoInfer<Name>,
  other: NoInfer<Name>,
): Spread => {
  const of = (name: Name) => samples.filter((sample) => sample.subject === name);
  const others = new Map(of(other).map((sample) => [sample.round, measured(sample)]));
  return spreadOf(of(subject).map((sample) => measured(sample) / (others.get(sample.round) ?? Number.NaN)));
};
