import { type EventCost, measureEventCost } from '../events/compare.ts';
import { buildEarlier } from '../events/earlier.ts';
import { type Cold, measureCold } from './cold.ts';
import { type Heap, type HeapRequests, measureHeaps } from './heaps.ts';
import { type LedgerCost, measureLedgerCost } from './ledger-cost.ts';
import { type Load, measureLoads, measureNear } from './loads.ts';
import type { Sample } from './samples.ts';
import { type Environment, startSecureStandIns } from './secure-stand-ins.ts';
import { type Size, sizeOf } from './sizes.ts';
import { buildSubjects, type Subject, type SubjectName } from './subjects.ts';
import { startWarm, type Warm } from './warm.ts';

export interface Measured {
  readonly sizes: readonly Size[];
  readonly cold: readonly Sample<Cold>[];
  /** With `farMs` for each round trip. */
  readonly coldFar: readonly Sample<Cold>[];
  readonly ledgerCost: LedgerCost;
  readonly eventCost: EventCost;
  readonly loads: readonly Sample<Load>[];
  /** One at a time, with `nearMs` for each round trip. */
  readonly near: readonly Sample<Warm>[];
  readonly heaps: readonly Heap[];
}

export interface Plan {
  readonly coldRounds: number;
  readonly coldFarRounds: number;
  readonly eventRounds: number;
  readonly warmRounds: number;
  /** Number of processes for each subject, one after the other: the compiler's result differs between processes. */
  readonly warmProcesses: number;
  readonly heapRequests: HeapRequests;
}

/** Measures all figures. */
export const measure = async (plan: Plan): Promise<Measured> => {
  const earlier = await buildEarlier();
  const subjects = await buildSubjects();
  await using opened = new AsyncDisposableStack();
  const standIns = opened.adopt(await startSecureStandIns(), ({ close }) => close());
  const only = (...names: SubjectName[]) => subjects.filter(({ name }) => names.includes(name));

  const sizes = await Promise.all(subjects.map(sizeOf));
  const cold = await measureCold(plan.coldRounds, subjects, standIns.loopback.http);
  const coldFar = await measureCold(plan.coldFarRounds, only('ours', 'naive'), standIns.far.http);
  const ledgerCost = await measureLedgerCost(only('ours'), standIns);
  const eventCost = await measureEventCost(plan.eventRounds, earlier, standIns);

  const loads: Sample<Load>[] = [];
  const near: Sample<Warm>[] = [];
  const heaps: Heap[] = [];
  for (let nth = 1; nth <= plan.warmProcesses; nth++) {
    await using processes = new AsyncDisposableStack();
    const start = async (started: readonly Subject[], environment: Environment) => {
      const warm = await startWarm(started, environment, standIns);
      for (const { close } of warm) processes.defer(close);
      return warm;
    };
    const distant = await start(only('ours', 'standard'), standIns.near.http);
    near.push(...(await measureNear(plan.warmRounds, distant, near.length)));
    const warm = await start(subjects, standIns.loopback.http);
    loads.push(...(await measureLoads(plan.warmRounds, warm, loads.length)));
    if (nth === plan.warmProcesses) heaps.push(...(await measureHeaps(plan.heapRequests, warm)));
  }
  return { sizes, cold, coldFar, ledgerCost, eventCost, loads, near, heaps };
};
