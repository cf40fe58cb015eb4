import { median, sum } from '../median.ts';
import type { Run } from './measure.ts';

/** The runs of one shape: medians, and the peak memory. */
export interface Summary {
  readonly events: number;
  readonly atATime: number;
  readonly runs: number;
  readonly eventsPerSecond: number;
  readonly cpuMsPerEvent: number;
  readonly lowestCpuMs: number;
  readonly highestCpuMs: number;
  readonly standInsCpuMsPerEvent: number;
  readonly peakRssMB: number;
  readonly peakHeapMB: number;
  readonly pingOneCallsPerEvent: number;
  readonly dynamoDBCallsPerEvent: number;
  readonly eventBridgeCallsPerEvent: number;
}

/** One summary for each shape, the fewest events first. */
export const summariesOf = (runs: readonly Run[]): readonly Summary[] =>
  [...Map.groupBy(runs, ({ events, atATime }) => `${events} ${atATime}`).values()]
    .flatMap((same) => summaryOf(same) ?? [])
    .sort((one, other) => one.atATime - other.atATime || one.events - other.events);

/** Share by which the highest CPU per event exceeds the lowest. */
export const spreadOf = (summaries: readonly Summary[]): number => {
  const all = summaries.map(({ cpuMsPerEvent }) => cpuMsPerEvent);
  return Math.max(...all) / Math.min(...all) - 1;
};

const summaryOf = (runs: readonly Run[]): Summary | undefined => {
  const [first] = runs;
  if (!first) return undefined;
  const { events, atATime } = first;
  const cpu = runs.map(({ cpuMs }) => cpuMs / events);
  const perEvent = (callee: keyof Run['calls']) => sum(runs.map(({ calls }) => calls[callee])) / (events * runs.length);
  return {
    events,
    atATime,
    runs: runs.length,
    eventsPerSecond: median(runs.map(({ milliseconds }) => (events * 1000) / milliseconds)),
    cpuMsPerEvent: median(cpu),
    lowestCpuMs: Math.min(...cpu),
    highestCpuMs: Math.max(...cpu),
    standInsCpuMsPerEvent: median(runs.map(({ standInsCpuMs }) => standInsCpuMs / events)),
    peakRssMB: Math.max(...runs.map(({ peakRssBytes }) => peakRssBytes)) / 1e6,
    peakHeapMB: Math.max(...runs.map(({ peakHeapBytes }) => peakHeapBytes)) / 1e6,
    pingOneCallsPerEvent: perEvent('pingOne'),
    dynamoDBCallsPerEvent: perEvent('dynamoDB'),
    eventBridgeCallsPerEvent: perEvent('eventBridge'),
  };
};
