import { type Line, matches, selected } from './filter-pattern.ts';
import { evaluate, type Value } from './metric-math.ts';
import { flat, type Resource, type Synthesised } from './synthesise.ts';

/** A counted value of a metric; times in minutes from the begin of a test. */
export interface Datum {
  /** Namespace, name and dimensions, as `keyOf` writes them. */
  readonly metric: string;
  readonly minute: number;
  /** When CloudWatch has it. */
  readonly seen: number;
  readonly value: number;
}

type Dimensions = readonly { readonly Name: string; readonly Value: unknown }[];

/** A metric as one text. CloudWatch never adds up metrics that differ in a dimension. */
export const keyOf = (namespace: string, name: string, dimensions: Dimensions, of: Synthesised): string => {
  const written = dimensions.map(({ Name, Value }) => `${Name}=${flat(Value, of)}`);
  return [namespace, name, ...written.toSorted()].join(' ');
};

/** The data of a log group's metric filters for a line in a minute. */
export const measured = (line: Line, minute: number, logGroup: RegExp, of: Synthesised): Datum[] =>
  of.service
    .ofType('AWS::Logs::MetricFilter')
    .filter(({ properties }) => logGroup.test(properties.LogGroupName.Ref) && matches(properties.FilterPattern, line))
    .flatMap(({ properties }) => {
      const [{ MetricNamespace, MetricName, MetricValue, Dimensions = [] }] = properties.MetricTransformations;
      const dimensions = Dimensions.map(({ Key, Value }: Record<'Key' | 'Value', string>) => ({
        Name: Key,
        Value: String(selected(Value, line)),
      }));
      const value = MetricValue.startsWith('$') ? Number(selected(MetricValue, line)) : Number(MetricValue);
      return [{ metric: keyOf(MetricNamespace, MetricName, dimensions, of), minute, seen: minute + 2, value }];
    });

/**
 * The minute from 0 on in which an alarm goes to ALARM for the first time; undefined if it doesn't until `end`. Its
 * window slides: it is evaluated each minute over the periods that end then ("Alarm evaluation window" in the CloudWatch
 * User Guide, where no EvaluationWindow is set).
 */
export const firstAlarm = (
  { properties }: Resource,
  data: readonly Datum[],
  of: Synthesised,
  end: number,
): number | undefined => {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = properties;
  const breaches = breachOf(properties);
  const { period, valueIn } = watchedBy(properties, data, of);
  for (let now = 0; now <= end; now++) {
    const values = Array.from({ length: EvaluationPeriods }, (_, nth) =>
      valueIn(now - (nth + 1) * period, now - nth * period, now),
    );
    const breaching = values.filter(breaches);
    if (breaching.length >= DatapointsToAlarm) return now;
  }
  return undefined;
};

/** Whether a value breaches an alarm. */
const breachOf = ({ Threshold, ComparisonOperator, TreatMissingData }: Resource['properties']) => {
  if (ComparisonOperator === 'GreaterThanThreshold' && TreatMissingData === 'notBreaching') {
    return (value: Value) => value !== undefined && value > Threshold;
  }
  if (ComparisonOperator === 'LessThanThreshold' && TreatMissingData === 'breaching') {
    return (value: Value) => value === undefined || value < Threshold;
  }
  throw new Error(`this evaluator does not know ${ComparisonOperator} with missing data ${TreatMissingData}`);
};

/** The metric or expression of an alarm, with its period in minutes. */
const watchedBy = (properties: Resource['properties'], data: readonly Datum[], of: Synthesised) => {
  const series = (
    { Namespace, MetricName, Dimensions = [] }: { Namespace: string; MetricName: string; Dimensions?: Dimensions },
    statistic: string,
  ) => {
    const key = keyOf(Namespace, MetricName, Dimensions, of);
    const own = Map.groupBy(
      data.filter(({ metric }) => metric === key),
      ({ minute }) => minute,
    );
    return (from: number, to: number, now: number): Value => {
      const values: number[] = [];
      for (let minute = from; minute < to; minute++) {
        for (const { seen, value } of own.get(minute) ?? []) if (seen <= now) values.push(value);
      }
      return statisticOf(values, statistic);
    };
  };
  if (!properties.Metrics) {
    const { Period, Statistic, ExtendedStatistic } = properties;
    return { period: Period / 60, valueIn: series(properties, Statistic ?? ExtendedStatistic) };
  }
  const { Expression } = properties.Metrics.find(({ Expression }: { Expression?: string }) => Expression);
  const stats: { Id: string; MetricStat: Resource['properties'] }[] = properties.Metrics.filter(
    ({ MetricStat }: { MetricStat?: object }) => MetricStat,
  );
  const used = stats.map(({ Id, MetricStat }) => [Id, series(MetricStat.Metric, MetricStat.Stat)] as const);
  const valueIn = (from: number, to: number, now: number): Value =>
    evaluate(Expression, Object.fromEntries(used.map(([id, value]) => [id, value(from, to, now)])));
  const [period, ...others] = new Set(stats.map(({ MetricStat }) => MetricStat.Period));
  if (period === undefined || others.length > 0) throw new Error('an alarm has metrics of several periods');
  return { period: period / 60, valueIn };
};

const statisticOf = (values: readonly number[], statistic: string): Value => {
  if (values.length === 0) return undefined;
  if (statistic === 'Sum') return values.reduce((total, value) => total + value, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  if (statistic === 'SampleCount') return values.length;
  const [, percentile] = /^p(\d+)$/.exec(statistic) ?? [];
  if (percentile === undefined) throw new Error(`the statistic ${statistic} is not known here`);
  return values.toSorted((one, other) => one - other)[Math.ceil((values.length * Number(percentile)) / 100) - 1];
};
