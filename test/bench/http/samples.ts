import { median } from '../median.ts';
import type { Subject, SubjectName } from './subjects.ts';

/** What one subject came to in one round. */
export type Sample<Result> = Result & { readonly subject: SubjectName; readonly round: number };

/** A median, and between which values it lies. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Measures all subjects in every round, so that a machine whose pace changes changes it for all, and in an order of
 * its own, since what one leaves behind in the stand-ins is paid for by the next.
 */
export const interleaved = async <Measured extends Subject, Result extends object>(
  rounds: number,
  subjects: readonly Measured[],
  measure: (subject: Measured, round: number) => Promise<Result>,
): Promise<readonly Sample<Result>[]> => {
  const samples: Sample<Result>[] = [];
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

/** What one subject takes of what another takes, in the same round each. */
export const ratioOf = <Result>(
  samples: readonly Sample<Result>[],
  measured: (result: Result) => number,
  subject: SubjectName,
  other: SubjectName,
): Spread => {
  const of = (name: SubjectName) => samples.filter((sample) => sample.subject === name);
  const others = new Map(of(other).map((sample) => [sample.round, measured(sample)]));
  return spreadOf(of(subject).map((sample) => measured(sample) / (others.get(sample.round) ?? Number.NaN)));
};
