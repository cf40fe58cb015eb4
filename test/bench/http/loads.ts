import { interleaved, type Sample } from './samples.ts';
import type { Warm, WarmSubject } from './warm.ts';

/** Warm requests at a concurrency. */
export interface Load extends Warm {
  readonly inFlight: number;
}

export const inFlights = [1, 100] as const;

/** Requests that are recorded in DynamoDB take several times as long. */
const isRecorded = ({ name }: WarmSubject): boolean => name === 'ours' || name === 'standard';

/** Measures warm subjects with one request in flight, then with a hundred; rounds count from `firstRound`. */
export const measureLoads = async (
  rounds: number,
  subjects: readonly WarmSubject[],
  firstRound: number,
): Promise<readonly Sample<Load>[]> => {
  // Warms up the compiler.
  for (const subject of subjects) await subject.run({ requests: isRecorded(subject) ? 1_000 : 4_000, inFlight: 10 });
  const samples: Sample<Load>[] = [];
  for (const inFlight of inFlights) {
    const measure = async (subject: WarmSubject): Promise<Load> => {
      const requests = isRecorded(subject) ? 200 : 500;
      return { ...(await subject.run({ requests, inFlight })), inFlight };
    };
    samples.push(...(await interleaved(rounds, subjects, measure)));
  }
  return samples.map((sample) => ({ ...sample, round: firstRound + sample.round }));
};

/** Measures one request at a time over a network, where most of the time is waiting. */
export const measureNear = async (
  rounds: number,
  subjects: readonly WarmSubject[],
  firstRound: number,
): Promise<readonly Sample<Warm>[]> => {
  for (const subject of subjects) await subject.run({ requests: 400, inFlight: 10 });
  const samples = await interleaved(rounds, subjects, (subject) => subject.run({ requests: 20, inFlight: 1 }));
  return samples.map((sample) => ({ ...sample, round: firstRound + sample.round }));
};
