import { type Cold, measureCold } from './cold.ts';
import { type Load, measureLoads } from './loads.ts';
import type { Sample } from './samples.ts';
import { startSecureStandIns } from './secure-stand-ins.ts';
import { type Size, sizeOf } from './sizes.ts';
import { buildSubjects, type SubjectName } from './subjects.ts';
import { startWarm, type Warm } from './warm.ts';

export interface Measured {
  readonly sizes: readonly Size[];
  readonly cold: readonly Sample<Cold>[];
  readonly loads: readonly Sample<Load>[];
  readonly heaps: readonly Heap[];
}

/** The live heap of a subject after each tenth of so many requests. */
export interface Heap {
  readonly subject: SubjectName;
  readonly requests: number;
  readonly tenths: readonly Warm[];
}

export interface Plan {
  readonly coldRounds: number;
  readonly warmRounds: number;
  /** In how many processes of each subject, one after the other: what the compiler makes of the same code differs. */
  readonly warmProcesses: number;
  /** How many requests the heap is watched over. */
  readonly heapRequests: Readonly<Partial<Record<SubjectName, number>>>;
}

/** Measures everything, in one go. */
export const measure = async ({ coldRounds, warmRounds, warmProcesses, heapRequests }: Plan): Promise<Measured> => {
  const subjects = await buildSubjects();
  await using opened = new AsyncDisposableStack();
  const standIns = opened.adopt(await startSecureStandIns(), ({ close }) => close());
  const sizes = await Promise.all(subjects.map(sizeOf));
  const cold = await measureCold(coldRounds, subjects, standIns);

  const loads: Sample<Load>[] = [];
  for (let nth = 1; nth < warmProcesses; nth++) {
    const warm = await startWarm(subjects, standIns);
    loads.push(...(await measureLoads(warmRounds, warm, loads.length)));
    for (const { close } of warm) close();
  }
  const warm = await startWarm(subjects, standIns);
  opened.defer(() => {
    for (const { close } of warm) close();
  });
  loads.push(...(await measureLoads(warmRounds, warm, loads.length)));
  const heaps: Heap[] = [];
  for (const { name, run } of warm) {
    const requests = heapRequests[name] ?? 0;
    const tenths: Warm[] = [];
    while (requests > 0 && tenths.length < 10) {
      tenths.push(await run({ requests: requests / 10, inFlight: 10, collects: true }));
    }
    if (requests > 0) heaps.push({ subject: name, requests, tenths });
  }
  return { sizes, cold, loads, heaps };
};
