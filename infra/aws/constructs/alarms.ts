import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';

/** Number of breaching periods: one, two of the last three, or three of three. */
const persistence = { once: [1, 1], twice: [3, 2], throughout: [3, 3] } as const;

interface Notice {
  /** The incident, for the person on call. */
  readonly meaning: string;
  /** The runbook's section. */
  readonly anchor: string;
}

export interface Condition extends Notice {
  /** Alarms above this value. */
  readonly threshold: number;
  /** `once` by default; `throughout` ignores a short incident, which ends by itself. */
  readonly breaches?: keyof typeof persistence;
}

export interface AlarmsProps {
  readonly topic: AlarmTopic;
  readonly runbookUrl: string;
}

/** A metric, with a label for alarms on several metrics. */
export interface Named {
  readonly name: string;
  readonly metric: IMetric;
}

/** CloudWatch's maximum number of metrics in an alarm's expression. */
const mostMetrics = 10;

/** The alarms of a stage; all notify one topic. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  readonly #topic: AlarmTopic;
  readonly #runbookUrl: string;

  constructor(scope: Construct, id: string, { topic, runbookUrl }: AlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    this.#runbookUrl = runbookUrl;
  }

  watch(id: string, metric: IMetric, { threshold, breaches = 'once', ...notice }: Condition): void {
    const [evaluationPeriods, datapointsToAlarm] = persistence[breaches];
    this.#add(id, notice, {
      metric,
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Alarms if a period has no measurement of a metric that every period should have. */
  watchSilence(id: string, metric: Metric, period: Duration, notice: Notice): void {
    // Filled: CloudWatch would otherwise use older data for a missing point.
    const expression = new MathExpression({
      expression: 'FILL(measured, 0)',
      usingMetrics: { measured: metric.with({ statistic: Stats.SAMPLE_COUNT, period }) },
      period,
    });
    this.#add(id, notice, {
      metric: expression,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** Watches the sum or the maximum of a metric over all queues, functions or rules. */
  watchAll(id: string, total: 'SUM' | 'MAX', metrics: readonly Named[], condition: Condition): void {
    for (let from = 0; from < metrics.length; from += mostMetrics) {
      const some = metrics.slice(from, from + mostMetrics);
      // Filled: AWS reports no metric for an idle queue, or for a rule that never failed.
      const filled = some.map((_, index) => `FILL(m${index}, 0)`).join(', ');
      const expression = new MathExpression({
        expression: `${total}([${filled}])`,
        usingMetrics: Object.fromEntries(some.map(({ metric }, index) => [`m${index}`, metric])),
        period: Duration.minutes(5),
      });
      const meaning = `${condition.meaning} One of: ${some.map(({ name }) => name).join(', ')}.`;
      this.watch(from === 0 ? id : `${id}${from / mostMetrics + 1}`, expression, { ...condition, meaning });
    }
  }

  #add(id: string, { meaning, anchor }: Notice, props: AlarmProps): void {
    const alarm = new Alarm(this, id, {
      ...props,
      alarmDescription: `${meaning} Runbook: ${this.#runbookUrl}#${anchor}`,
    });
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.all.push(alarm);
  }
}
