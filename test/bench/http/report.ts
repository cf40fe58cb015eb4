import { availableParallelism, loadavg } from 'node:os';
import { commit } from '../events/earlier.ts';
import { tableOf } from '../table.ts';
import type { Cold } from './cold.ts';
import { type Figure, isEarned } from './figures.ts';
import type { Heap } from './heaps.ts';
import { inFlights, type Load } from './loads.ts';
import type { Measured } from './measure.ts';
import { type Sample, type Spread, spreadOf } from './samples.ts';
import { farMs, nearMs } from './secure-stand-ins.ts';
import type { Size } from './sizes.ts';
import type { SubjectName } from './subjects.ts';

type Row = Readonly<Record<string, string>>;

/** Prints what was measured, for people. */
export const print = (measured: Measured, figures: readonly Figure[]): void => {
  const { cold, coldFar, loads, near, eventCost, heaps, sizes } = measured;
  section('Figures to earn', figures.map(figureRow));
  section('Cold: until imported, and until the first request is answered, in ms', bySubject(sizes, cold).map(coldRow));
  section(
    'Warm: CPU of a request by how many are in flight, and p50 and p99 of one alone, in ms',
    bySubject(sizes, loads).map(warmRow),
  );
  section(
    `First request answered with ${farMs} ms for each round trip, in ms`,
    bySubject(sizes, coldFar).map(([subject, samples]) => ({
      subject,
      answered: shown(spreadOf(samples.map(({ answerMs }) => answerMs)), 0),
    })),
  );
  section(
    `Warm with ${nearMs} ms for each round trip, one at a time, in ms`,
    bySubject(sizes, near).map(([subject, samples]) => ({
      subject,
      p50: shown(spreadOf(samples.map(({ p50Ms }) => p50Ms)), 1),
    })),
  );
  section(
    'CPU per event from the bus, in ms',
    [...Map.groupBy(eventCost.cpuMs, ({ subject }) => subject)].map(([subject, samples]) => ({
      build: subject === 'ours' ? 'this one' : commit.slice(0, 7),
      CPU: shown(spreadOf(samples.map(({ perEvent }) => perEvent)), 2),
    })),
  );
  section('Live heap in MB after tenths of the requests', heaps.map(heapRow));
  section('Size in kB', sizes.map(sizeRow));
  section('Size in kB by package, the largest of ours', packageRows(sizes));
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(', ');
  console.log(`
Medians, with the lowest and the highest; a ratio is that of two runs in the same round. CPU is that of the handler's process
alone: PingOne and AWS are in another one, behind TLS.
Node ${process.version}, ${availableParallelism()} cores, load of the last 1, 5 and 15 minutes: ${load}.`);
};

const section = (title: string, rows: readonly Row[]): void => console.log(`\n${title}\n\n${tableOf(rows).join('\n')}`);

/** In the order of the sizes: rounds have orders of their own. */
const bySubject = <Result>(sizes: readonly Size[], samples: readonly Sample<Result>[]) =>
  sizes
    .map(({ subject }) => [subject, samples.filter((sample) => sample.subject === subject)] as const)
    .filter(([, own]) => own.length > 0);

const figureRow = (figure: Figure): Row => ({
  figure: figure.name,
  'at most': String(figure.atMost),
  'this run': shown(figure, 2),
  missed: isEarned(figure) ? '' : 'missed',
});

const coldRow = ([subject, samples]: readonly [SubjectName, readonly Cold[]]): Row => ({
  subject,
  imported: shown(spreadOf(samples.map(({ importMs }) => importMs)), 0),
  answered: shown(spreadOf(samples.map(({ answerMs }) => answerMs)), 0),
});

const warmRow = ([subject, samples]: readonly [SubjectName, readonly Load[]]): Row => {
  const spread = (at: number, value: (load: Load) => number) =>
    shown(spreadOf(samples.filter(({ inFlight }) => inFlight === at).map(value)), 2);
  return {
    subject,
    ...Object.fromEntries(inFlights.map((at) => [`CPU at ${at}`, spread(at, ({ cpuMs }) => cpuMs)])),
    p50: spread(1, ({ p50Ms }) => p50Ms),
    p99: spread(1, ({ p99Ms }) => p99Ms),
  };
};

const heapRow = ({ subject, requests, tenths }: Heap): Row => ({
  subject,
  requests: String(requests),
  ...Object.fromEntries(tenths.map(({ heapBytes }, nth) => [`${nth + 1}/10`, (heapBytes / 1e6).toFixed(1)])),
});

const sizeRow = ({ subject, bytes, gzipped }: Size): Row => ({
  subject,
  bundle: kilobytes(bytes),
  gzipped: kilobytes(gzipped),
});

const packageRows = (sizes: readonly Size[]): readonly Row[] => {
  const compared = sizes.filter(({ subject }) => ['ours', 'standard', 'naive'].includes(subject));
  const [ours] = compared;
  return [...(ours?.packages.keys() ?? [])].map((name) => ({
    package: name,
    ...Object.fromEntries(compared.map(({ subject, packages }) => [subject, kilobytes(packages.get(name) ?? 0)])),
  }));
};

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

const shown = ({ median, lowest, highest }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${lowest.toFixed(digits)}-${highest.toFixed(digits)})`;
