import { availableParallelism, loadavg } from 'node:os';
import { bundle, bundleOf } from '../../../infra/bundle/bundle.ts';
import { defineCommand } from '../../../infra/command/command.ts';
import { runCommand } from '../../../infra/command/run-command.ts';
import { endpointEnvironments } from '../../../infra/local/lambda/environment.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { startStandIns } from '../stand-ins.ts';
import { startFunction } from './function.ts';
import { type Run, type Shape, startMeasuring } from './measure.ts';
import { outcomesOn, wrongIn } from './once.ts';
import { print } from './report.ts';
import { spreadOf, summariesOf } from './summary.ts';

/** The event source's minimum, which the local run has. */
const defaultConcurrency = 2;

/** Warms up the compiler. */
const warmUp: Shape = { events: 2_000, atATime: defaultConcurrency };

const times = (count: number, shape: Shape): readonly Shape[] => Array.from({ length: count }, () => shape);

/** Run often, since a single garbage collection changes the result of so few events. */
const hundred: Shape = { events: 100, atATime: defaultConcurrency };
const thousand: Shape = { events: 1_000, atATime: defaultConcurrency };

/** The long run is in the middle, so that a change in the machine's pace affects all runs. */
const plan: readonly Shape[] = [
  ...[...times(5, hundred), thousand],
  { events: 10_000, atATime: defaultConcurrency },
  ...[...times(5, hundred), thousand, ...times(5, hundred), thousand],
  { events: 1_000, atATime: 10 },
];

/** PingOne's time for a create, in milliseconds. */
const latencyMs = 50;

const slowly = async (moment: 'before' | 'after') => {
  if (moment === 'before') await sleep(systemClock, latencyMs);
  return undefined;
};

const bench = async (isJson: boolean): Promise<void> => {
  await bundle('queue');
  const standIns = await startStandIns({ intercept: slowly });
  const { endpoint, queues, stage } = standIns;
  const outcomes = outcomesOn(standIns.aws);
  const { queue } = endpointEnvironments(endpoint.name, queues, stage);
  const measured = await startFunction(bundleOf('queue'), queue, 'inherit');
  try {
    const measuring = startMeasuring(standIns, measured);
    await measuring.run(warmUp);
    const runs: Run[] = [];
    for (const shape of plan) runs.push(await measuring.run(shape));

    const summaries = summariesOf(runs);
    const { pingOne, secrets, tokens } = standIns.calls();
    const events = measuring.requested.size;
    const wrong = wrongIn(measuring.requested, outcomes, standIns);
    print(isJson, {
      latencyMs,
      node: process.version,
      cores: availableParallelism(),
      load: loadavg(),
      summaries,
      cpuSpread: spreadOf(summaries.filter(({ atATime }) => atATime === defaultConcurrency)),
      events,
      pingOneCalls: pingOne,
      secretReads: secrets,
      tokenRequests: tokens,
      wrong,
    });
    if (wrong > 0 || pingOne !== events) process.exitCode = 1;
  } finally {
    measured.close();
    await standIns.close();
  }
};

await runCommand(
  defineCommand({
    call: 'npm run bench:events',
    summary: 'Measures the cost of an event in the queue function.',
    flags: { json: { type: 'boolean', default: false, help: 'print the figures as JSON' } },
    fails: 'an event did not create exactly one resource',
    run: ({ values }) => bench(values.json),
  }),
);
