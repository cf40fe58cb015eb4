import { tableOf } from '../table.ts';
import type { Summary } from './summary.ts';

export interface Report {
  readonly latencyMs: number;
  readonly node: string;
  readonly cores: number;
  /** Of the machine at the end: its averages over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  readonly summaries: readonly Summary[];
  /** Share by which the highest CPU per event exceeds the lowest, over all sizes at the default concurrency. */
  readonly cpuSpread: number;
  /** Of the whole run with its warm-up, like the members below. */
  readonly events: number;
  readonly pingOneCalls: number;
  readonly secretReads: number;
  readonly tokenRequests: number;
  /** Events without exactly one resource and exactly one outcome. */
  readonly wrong: number;
}

/** Prints a report for people, or as JSON. */
export const print = (json: boolean, report: Report): void => {
  if (json) {
    console.log(JSON.stringify(report, undefined, 2));
    return;
  }
  const { latencyMs, node, cores, load, summaries, cpuSpread, events, secretReads, tokenRequests, wrong } = report;
  for (const line of tableOf(summaries.map(cells))) console.log(line);
  console.log(`
CPU per event: all sizes within ${(cpuSpread * 100).toFixed(1)} % of each other, 2 batches at a time.
The whole run with its warm-up: ${events} events, secret reads: ${secretReads}, token requests: ${tokenRequests}.
Events without exactly one resource and one outcome: ${wrong}.

Batches of 10; PingOne takes ${latencyMs} ms for a create; medians of the runs, memory at its most. CPU and memory are those of
the function's process alone; the stand-ins for PingOne and AWS share the machine with it, and so limit events/s.
Node ${node}, ${cores} cores, load of the last 1, 5 and 15 minutes: ${load.map((each) => each.toFixed(1)).join(', ')}.`);
};

const cells = (summary: Summary): Readonly<Record<string, string>> => ({
  events: String(summary.events),
  'batches at a time': String(summary.atATime),
  runs: String(summary.runs),
  'events/s': summary.eventsPerSecond.toFixed(0),
  'CPU ms/event': summary.cpuMsPerEvent.toFixed(2),
  'from-to': `${summary.lowestCpuMs.toFixed(2)}-${summary.highestCpuMs.toFixed(2)}`,
  "stand-ins' CPU ms/event": summary.standInsCpuMsPerEvent.toFixed(2),
  'rss MB': summary.peakRssMB.toFixed(0),
  'heap MB': summary.peakHeapMB.toFixed(0),
  'PingOne calls/event': summary.pingOneCallsPerEvent.toFixed(2),
  'DynamoDB calls/event': summary.dynamoDBCallsPerEvent.toFixed(2),
  'PutEvents/event': summary.eventBridgeCallsPerEvent.toFixed(2),
});
