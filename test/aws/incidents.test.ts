import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Datum, firstAlarm, keyOf, measured } from './cloudwatch.ts';
import type { Line } from './filter-pattern.ts';
import type { ApiAnswer, AwsMetric, Minute } from './incidents/incident.ts';
import { incidents } from './incidents/incidents.ts';
import { linesOf } from './incidents/lines.ts';
import { flat, type Resource, synthesise } from './synthesise.ts';

const of = synthesise('dev');
const { service } = of;
const alarms = service.ofType('AWS::CloudWatch::Alarm');
const runbook = readFileSync(new URL('../../infra/aws/RUNBOOK.md', import.meta.url), 'utf8');

/** The runbook's promises: incident, alarm, and maximum minutes. */
const promises = [...runbook.matchAll(/^\| (.+?) \| \[`(\w+)`\]\(#([\w-]+)\) \| (\d+) min \|$/gm)].map(
  ([, what = '', alarm = '', anchor = '', minutes]) => ({ what, alarm, anchor, minutes: Number(minutes) }),
);

/** An alarm by its name in the runbook; an alarm on more than ten metrics has parts. */
const nameOf = ({ id }: Resource): string => id.replace(/^MonitoringAlarms/, '').replace(/\d*[\dA-F]{8}$/, '');

/** The dimensions that AWS gives its own metrics, by the name of the metric. */
const dimensionsOf = (name: string, { id, type }: Resource) => {
  if (type === 'AWS::SQS::Queue') return ['AWS/SQS', [{ Name: 'QueueName', Value: `<${id}.QueueName>` }]] as const;
  if (type === 'AWS::Lambda::Function') return ['AWS/Lambda', [{ Name: 'FunctionName', Value: `<${id}>` }]] as const;
  if (type !== 'AWS::Events::Rule') throw new Error(`${type} has no metric ${name}`);
  const bus = `<${service.named('AWS::Events::EventBus', /./).id}>`;
  const dimensions = [
    { Name: 'EventBusName', Value: bus },
    { Name: 'RuleName', Value: `<${id}>` },
  ];
  return ['AWS/Events', dimensions] as const;
};

const dataOf = ({ name, of: part, value, late = 0 }: AwsMetric, minute: number): Datum[] => {
  const watched = service.resources.filter(({ id, type }) => part.test(id) && /Queue$|Function$|Rule$/.test(type));
  if (watched.length === 0) throw new Error(`no resource of the template matches ${part}`);
  return watched.map((resource) => {
    const [namespace, dimensions] = dimensionsOf(name, resource);
    return { metric: keyOf(namespace, name, dimensions, of), minute: minute + late, seen: minute + late + 2, value };
  });
};

const api = service.named('AWS::ApiGatewayV2::Stage', /./);
const answered = ({ status, functionStatus }: ApiAnswer, minute: number): Datum[] => {
  const filled = api.properties.AccessLogSettings.Format.replace('$context.status', `${status}`)
    .replace('$context.integration.status', functionStatus ?? '-')
    .replace(/\$context\.[\w.]+/g, '-');
  const dimensions = [
    { Name: 'ApiId', Value: flat(api.properties.ApiId, of) },
    { Name: 'Stage', Value: api.properties.StageName },
  ];
  const counted = (name: string, value: number) => ({
    metric: keyOf('AWS/ApiGateway', name, dimensions, of),
    minute,
    seen: minute + 2,
    value,
  });
  return [
    ...measured(JSON.parse(filled), minute, /AccessLog/, of),
    counted('Count', 1),
    counted('4xx', status >= 400 && status < 500 ? 1 : 0),
    counted('5xx', status >= 500 ? 1 : 0),
  ];
};

const dataIn = ({ lines = [], answers = [], metrics = [] }: Minute, minute: number): Datum[] => [
  ...lines.flatMap((line) => measured(line, minute, /^FunctionLogs/, of)),
  ...answers.flatMap((answer) => answered(answer, minute)),
  ...metrics.flatMap((metric) => dataOf(metric, minute)),
];

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, nth) => from + nth);

/** The gauge's lines without open requests: every hour, and in the minute before an incident. */
const counted = (minute: number): readonly Line[] =>
  minute % 60 === -1 || minute % 60 === 59
    ? [{ level: 'INFO', message: { open: { count: 0, oldestMs: 0, endpoints: {} } } }]
    : [];

/** The three hours before, without incidents: one create a minute through each door. */
let before: readonly Datum[];
beforeAll(async () => {
  const lines = [...(await linesOf('http')), ...(await linesOf('queue'))];
  const answers = [{ status: 201, functionStatus: 201 }];
  before = range(-180, 0).flatMap((minute) => dataIn({ lines: [...lines, ...counted(minute)], answers }, minute));
});

/** The alarms that go off within so many minutes, and when. */
const alarmsIn = (data: readonly Datum[], minutes: number) =>
  new Map(
    alarms.flatMap((alarm) => {
      const at = firstAlarm(alarm, data, of, minutes);
      return at === undefined ? [] : [[nameOf(alarm), at] as const];
    }),
  );

describe.each(promises)('when $what', ({ what, alarm, anchor, minutes }) => {
  const causes = incidents.filter((incident) => incident.what === what);

  it.each(causes)(`${alarm} goes off within ${minutes} minutes ($how)`, async ({ begin }) => {
    const minute = await begin();
    const data = [...before, ...range(0, minutes).flatMap((each) => dataIn(minute(each), each))];
    const gone = alarmsIn(data, minutes);
    expect([...gone.keys()]).toContain(alarm);
  });

  it('the alarm notifies the topic, and links to this section of the runbook', () => {
    expect(causes.length).toBeGreaterThan(0);
    const named = alarms.filter((each) => nameOf(each) === alarm);
    expect(named.length).toBeGreaterThan(0);
    for (const { properties } of named) {
      expect(properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^MonitoringTopic/) }]);
      expect(properties.ActionsEnabled ?? true).toBe(true);
      expect(properties.AlarmDescription).toMatch(new RegExp(`#${anchor}$`));
    }
  });
});

it('the runbook has a row for each incident and each alarm', () => {
  expect([...new Set(incidents.map(({ what }) => what))].toSorted()).toEqual(
    promises.map(({ what }) => what).toSorted(),
  );
  const promised = new Set(promises.map(({ alarm }) => alarm));
  expect(new Set(alarms.map(nameOf))).toEqual(promised);
});

describe('no alarm goes off', () => {
  const quiet = async (minute: (minute: number) => Minute) => {
    const withCounts = ({ lines = [], ...rest }: Minute, each: number) => ({
      ...rest,
      lines: [...lines, ...counted(each)],
    });
    const data = [...before, ...range(0, 240).flatMap((each) => dataIn(withCounts(minute(each), each), each))];
    return [...alarmsIn(data, 240).keys()];
  };

  it('without incidents', async () => {
    const lines = [...(await linesOf('http')), ...(await linesOf('queue')), ...(await linesOf('later'))];
    const answers = [{ status: 201, functionStatus: 201 }];
    expect(await quiet(() => ({ lines, answers }))).toEqual([]);
  });

  it.each(['PingOne cannot be reached', 'PingOne does not answer in time', 'PingOne answers 429', 'the ledger fails'])(
    'if %s for a single request at night',
    async (what) => {
      const [incident] = incidents.filter((each) => each.what === what);
      const minute = await incident?.begin();
      const answers = [{ status: 503, functionStatus: 503 }];
      expect(await quiet((each) => (each === 100 ? { ...minute?.(0), answers } : {}))).toEqual([]);
    },
  );

  it('if a few callers are denied, or get 429 from PingOne', async () => {
    const lines = await linesOf('http');
    const answers = [{ status: 429, functionStatus: 429 }, { status: 201, functionStatus: 201 }, { status: 403 }];
    expect(await quiet(() => ({ lines, answers }))).toEqual([]);
  });
});
