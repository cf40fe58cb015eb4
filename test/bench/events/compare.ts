import { bundle, bundleOf } from '../../../infra/bundle/bundle.ts';
import { requestQueue } from '../../../infra/deployment.ts';
import { interleaved, type Sample } from '../http/samples.ts';
import type { SecureStandIns } from '../http/secure-stand-ins.ts';
import { startFunction } from './function.ts';
import { type Shape, startMeasuring } from './measure.ts';

/** The cost of events in the queue function. */
export interface EventCost {
  /** CPU per event in today's function, and in an earlier one. */
  readonly cpuMs: readonly Sample<{ readonly perEvent: number }, 'ours' | 'earlier'>[];
  /** Calls for each batch, one batch at a time. */
  readonly putEventsPerBatch: readonly number[];
}

/** Warms up the compiler. */
const warmUp: Shape = { events: 1_500, atATime: 2 };
const many: Shape = { events: 200, atATime: 2 };
const oneBatch: Shape = { events: requestQueue.batchSize, atATime: 1 };

/** Measures today's queue function, and an earlier one in the file `earlier`, if there is one. */
export const measureEventCost = async (
  rounds: number,
  earlier: string | undefined,
  standIns: SecureStandIns,
): Promise<EventCost> => {
  await using opened = new AsyncDisposableStack();
  await bundle('queue');
  const start = async <Name extends string>(name: Name, file: string) => {
    const started = await startFunction(file, standIns.loopback.queue, 'ignore');
    opened.defer(started.close);
    return { name, ...startMeasuring(standIns, started, name) };
  };
  const ours = await start('ours', bundleOf('queue'));
  const both = earlier === undefined ? [ours] : [ours, await start('earlier', earlier)];
  for (const { run } of both) await run(warmUp);

  const cpuMs = await interleaved(rounds, both, async ({ run }) => ({
    perEvent: (await run(many)).cpuMs / many.events,
  }));
  const putEventsPerBatch: number[] = [];
  while (putEventsPerBatch.length < 20) putEventsPerBatch.push((await ours.run(oneBatch)).calls.eventBridge);
  return { cpuMs, putEventsPerBatch };
};
