import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { pascalCase } from './pascal-case.ts';

interface Measure {
  /** The counted lines. The code logs `$.message`; Lambda logs the rest. */
  readonly pattern: string;
  /** The value of each line; 1 by default. */
  readonly value?: string;
  /** Name of a dimension -> its place in the line. AWS bills each combination of values as a metric. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

const ofEndpoint = { endpoint: '$.message.attempt.endpoint' };

const failedWith = (...codes: readonly string[]) =>
  `{ ${codes.map((code) => `($.message.attempt.code = "${code}")`).join(' || ')} }`;

/** Metrics of all functions' log lines; the runbook, "Evidence", documents their members. */
const ofFunctions = {
  attempts: { pattern: '{ $.message.attempt.outcome = * }' },
  denied: { pattern: '{ $.message.attempt.outcome = "denied" }' },
  'pingone-failures': { pattern: failedWith('PINGONE_UNREACHABLE', 'OUTCOME_UNKNOWN') },
  'pingone-limits': {
    pattern: '{ ($.message.attempt.limited > 0) || ($.message.attempt.code = "REQUEST_LIMITED") }',
  },
  'credential-failures': { pattern: failedWith('PINGONE_ACCESS_FAILED') },
  /**
   * Logged by HTTP functions, by queue functions, and before an attempt begins. Includes requests that could not be
   * queued: their callers fail in the same way.
   */
  'ledger-failures': {
    pattern:
      '{ ($.message.code = "LEDGER_UNAVAILABLE") || ($.message.code = "QUEUE_UNAVAILABLE") || ($.message.error.code = "LEDGER_UNAVAILABLE") || ($.message.error.name = "LedgerUnavailable") }',
  },
  /** Names that do not exist are left out: strangers try those. */
  'webhook-refusals': { pattern: '{ ($.message.webhook.refused = *) && ($.message.webhook.source != "unknown") }' },
  errors: { pattern: '{ $.level = "ERROR" }' },
  'doubtful-resources': { pattern: '{ $.message.alarm = * }' },
  /** Only for creates with one send: with more, the gateway's own time is mostly waiting. */
  'own-ms': {
    pattern: '{ ($.message.attempt.outcome = "created") && ($.message.attempt.sends = 1) }',
    value: '$.message.attempt.ownMs',
  },
  'waiting-ms': { pattern: '{ $.message.attempt.waitingMs >= 0 }', value: '$.message.attempt.waitingMs' },
  receives: { pattern: '{ $.message.attempt.receives > 0 }', value: '$.message.attempt.receives' },
  'open-requests': { pattern: '{ $.message.open.count >= 0 }', value: '$.message.open.count' },
  'open-oldest-ms': { pattern: '{ $.message.open.oldestMs >= 0 }', value: '$.message.open.oldestMs' },
  /** Deployments after creates that failed or that no grant allows any more; a caller is told of its own. */
  'deployment-failures': {
    pattern:
      '{ ($.message.deployment.door = "queue") && (($.message.deployment.outcome = "failed") || ($.message.deployment.outcome = "denied")) }',
  },
  'pending-deployment-oldest-ms': {
    pattern: '{ $.message.pendingDeployments.oldestMs >= 0 }',
    value: '$.message.pendingDeployments.oldestMs',
  },
  deployments: {
    pattern: '{ $.message.deployment.outcome = * }',
    dimensions: { endpoint: '$.message.deployment.endpoint', outcome: '$.message.deployment.outcome' },
  },
  /** For the dashboard: outcome and problem code of each attempt. */
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
  /** API Gateway's own 429s: a function answers 429 if PingOne limits the rate. */
  throttled: { pattern: '{ ($.status = "429") && ($.functionStatus != "429") }' },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof ofFunctions | keyof typeof ofApi;

export interface LogMetricsProps {
  /** Separates the metrics of stages. */
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

  /** The number of lines; with another statistic than Sum, their value. */
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
