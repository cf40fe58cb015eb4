import type { SubjectName } from './subjects.ts';
import type { Warm, WarmSubject } from './warm.ts';

/** The live heap of a subject after each tenth of its requests. */
export interface Heap {
  readonly subject: SubjectName;
  readonly requests: number;
  readonly tenths: readonly Warm[];
}

/** Number of requests by subject. */
export type HeapRequests = Readonly<Partial<Record<SubjectName, number>>>;

export const measureHeaps = async (
  heapRequests: HeapRequests,
  subjects: readonly WarmSubject[],
): Promise<readonly Heap[]> => {
  const heaps: Heap[] = [];
  for (const { name, run } of subjects) {
    const requests = heapRequests[name] ?? 0;
    const tenths: Warm[] = [];
    while (requests > 0 && tenths.length < 10) {
      tenths.push(await run({ requests: requests / 10, inFlight: 10, collects: true }));
    }
    if (requests > 0) heaps.push({ subject: name, requests, tenths });
  }
  return heaps;
};
