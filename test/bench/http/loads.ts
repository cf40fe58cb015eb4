import { interleaved, type Sample } from './samples.ts';
import type { Warm, WarmSubject } from './warm.ts';

/** Warm requests, so many in flight. */
export interface Load extends Warm {
  readonly inFlight: number;
}

export const inFlights = [1, 10, 100] as const;

/** Where every request is written down in DynamoDB the stand-in for it limits the pace. */
const paceOf = ({ name }: WarmSubject) =>
  name === 'ours' || name === 'standard' ? { warmUp: 300, requests: 100 } : { warmUp: 4_000, requests: 500 };

/** Has warm subjects answer requests one at a time, then ten, then a hundred; its rounds count from `firstRound`. */
export const measureLoads = async (
  rounds: number,
  subjects: readonly WarmSubject[],
  firstRound: number,
): Promise<readonly Sample<Load>[]> => {
  // Until the compiler has seen everything often.
  for (const subject of subjects) await subject.run({ requests: paceOf(subject).warmUp, inFlight: 10 });
  const samples: Sample<Load>[] = [];
  for (const inFlight of inFlights) {
    const measure = async (subject: WarmSubject): Promise<Load> => {
      const { requests } = paceOf(subject);
      return { ...(await subject.run({ requests, inFlight })), inFlight };
    };
    samples.push(...(await interleaved(rounds, subjects, measure)));
  }
  return samples.map((sample) => ({ ...sample, round: firstRound + sample.round }));
};
