import { availableParallelism, loadavg } from 'node:os';
import { bundle, bundleOf } from '../../../infra/bundle/bundle.ts';
import { defineCommand } from '../../../infra/command/command.ts';
import { runCommand } from '../../../infra/command/run-command.ts';
import { queueEnvironment } from '../../../infra/local/lambda/environment.ts';
import { sleep, systemClock } from '../../../lib/runtime/clock.ts';
import { startStandIns } from '../stand-ins.ts';
import { startFunction } from './function.ts';
import { type Run, type Shape, startMeasuring } from './measure.ts';
import { outcomesOn, wrongIn } from './once.ts';
import { print } from './report.ts';
import { spreadOf, summariesOf } from './summary.ts';

/** The event source's least, which the local run has. */
const usual = 2;

/** Until the compiler has seen everything often. */
const warmUp: Shape = { events: 2_000, atATime: usual };

const times = (count: number, shape: Shape): readonly Shape[] => Array.from({ length: count }, () => shape);

/** Often, since one garbage collection more or less is seen in so few. */
const hundred: Shape = { events: 100, atATime: usual };
const thousand: Shape = { events: 1_000, atATime: usual };

/** The long run in the middle, so that a machine whose pace changes changes it for all. */
const plan: readonly Shape[] = [
  ...[...times(5, hundred), thousand],
  { events: 10_000, atATime: usual },
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
  const { endpoint, queues, surroundings } = standIns;
  const outcomes = outcomesOn(standIns.aws);
  const measured = await startFunction(
    bundleOf('queue'),
    queueEnvironment(endpoint.name, queues, surroundings),
    'inherit',
  );
  try {
    const measuring = startMeasuring(standIns, measured);
    await measuring.run(warmUp);
    const runs: Run[] = [];
    for (const shape of plan) runs.push(await measuring.run(shape));

    const summaries = summariesOf(runs);
    const { pingOne, secrets, tokens } = standIns.calls();
    const events = measuring.asked.size;
    const wrong = wrongIn(measuring.asked, outcomes, standIns);
    print(isJson, {
      latencyMs,
      node: process.version,
      cores: availableParallelism(),
      load: loadavg(),
      summaries,
      cpuSpread: spreadOf(summaries.filter(({ atATime }) => atATime === usual)),
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
    summary: 'Measures what an event costs in the queue function.',
    flags: { json: { type: 'boolean', default: false, help: 'print the figures as JSON' } },
    fails: 'an event was not made exactly once',
    run: ({ values }) => bench(values.json),
  }),
);
