import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { pascalCase } from './pascal-case.ts';

interface Measure {
  /** The lines that count. `$.message` is logged by the code, the rest by Lambda. */
  readonly pattern: string;
  /** What each of them counts; 1 by default. */
  readonly value?: string;
  /** Name of a dimension -> where the line has its value. Each combination is a metric of its own, and is paid for. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

const ofEndpoint = { endpoint: '$.message.attempt.endpoint' };

const failedWith = (...codes: readonly string[]) =>
  `{ ${codes.map((code) => `($.message.attempt.code = "${code}")`).join(' || ')} }`;

/** Metrics of all functions' log lines. "Evidence" in the runbook explains their members. */
const ofFunctions = {
  attempts: { pattern: '{ $.message.attempt.outcome = * }' },
  denied: { pattern: '{ $.message.attempt.outcome = "denied" }' },
  'pingone-failures': { pattern: failedWith('PINGONE_UNREACHABLE', 'OUTCOME_UNKNOWN') },
  'pingone-limits': {
    pattern: '{ ($.message.attempt.limited > 0) || ($.message.attempt.code = "REQUEST_LIMITED") }',
  },
  'credential-failures': { pattern: failedWith('PINGONE_ACCESS_FAILED') },
  /**
   * As the HTTP functions log it, as the queue functions do, and where there is no attempt yet. A queue that takes no
   * accepted request fails the same callers in the same way.
   */
  'ledger-failures': {
    pattern:
      '{ ($.message.code = "LEDGER_UNAVAILABLE") || ($.message.code = "QUEUE_UNAVAILABLE") || ($.message.error.code = "LEDGER_UNAVAILABLE") || ($.message.error.name = "LedgerUnavailable") }',
  },
  errors: { pattern: '{ $.level = "ERROR" }' },
  'doubtful-resources': { pattern: '{ $.message.alarm = * }' },
  /** Of ordinary creates: where PingOne had to be asked again, the gateway's part is mostly waiting. */
  'own-ms': {
    pattern: '{ ($.message.attempt.outcome = "created") && ($.message.attempt.sends = 1) }',
    value: '$.message.attempt.ownMs',
  },
  'waiting-ms': { pattern: '{ $.message.attempt.waitingMs >= 0 }', value: '$.message.attempt.waitingMs' },
  receives: { pattern: '{ $.message.attempt.receives > 0 }', value: '$.message.attempt.receives' },
  'open-requests': { pattern: '{ $.message.open.count >= 0 }', value: '$.message.open.count' },
  'open-oldest-ms': { pattern: '{ $.message.open.oldestMs >= 0 }', value: '$.message.open.oldestMs' },
  /** For the dashboard: how attempts ended, and with which problem where there was one. */
  outcomes: {
    pattern: '{ $.message.attempt.outcome = * }',
    dimensions: { ...ofEndpoint, outcome: '$.message.attempt.outcome' },
  },
  problems: {
    pattern: '{ $.message.attempt.code = * }',
    dimensions: { ...ofEndpoint, code: '$.message.attempt.code' },
  },
  'pingone-ms': {
    pattern: '{ $.message.attempt.sends > 0 }',
    value: '$.message.attempt.pingOneMs',
    dimensions: ofEndpoint,
  },
  /** Reads of `token` or `secret`: rare, since both are cached. */
  refreshes: { pattern: '{ $.message.refreshed = * }', dimensions: { refreshed: '$.message.refreshed' } },
  'cold-starts': {
    pattern: '{ ($.type = "platform.report") && ($.record.metrics.initDurationMs > 0) }',
    value: '$.record.metrics.initDurationMs',
  },
} as const satisfies Readonly<Record<string, Measure>>;

/** Metrics of the access log. */
const ofApi = {
  /** Answers of 429 that are API Gateway's own: a function answers 429 where PingOne limits. */
  throttled: { pattern: '{ ($.status = "429") && ($.functionStatus != "429") }' },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof ofFunctions | keyof typeof ofApi;

export interface LogMetricsProps {
  /** Tells the metrics of one stage from another's. */
  readonly namespace: string;
  readonly functionLogs: ILogGroup;
  readonly accessLog: ILogGroup;
}

/** Metric filters over the logs of a stage. Metrics without dimensions cover the whole stage; alarms use them. */
export class LogMetrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, { namespace, functionLogs, accessLog }: LogMetricsProps) {
    super(scope, id);
    this.#namespace = namespace;
    this.#measure(functionLogs, ofFunctions);
    this.#measure(accessLog, ofApi);
  }

  /** How often something was logged, or with another statistic than Sum how large it was. */
  of(name: MeasureName, statistic: string = Stats.SUM, dimensionsMap: Record<string, string> = {}): Metric {
    return new Metric({
      namespace: this.#namespace,
      metricName: name,
      dimensionsMap,
      statistic,
      period: Duration.minutes(5),
    });
  }

  #measure(logGroup: ILogGroup, measures: Readonly<Record<string, Measure>>): void {
    for (const [name, { pattern, value = '1', dimensions }] of Object.entries(measures)) {
      new MetricFilter(this, pascalCase(name), {
        logGroup,
        metricNamespace: this.#namespace,
        metricName: name,
        metricValue: value,
        filterPattern: FilterPattern.literal(pattern),
        ...(dimensions && { dimensions: { ...dimensions } }),
      });
    }
  }
}
