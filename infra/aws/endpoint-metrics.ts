import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { pascalCase } from './pascal-case.ts';

/** A problem as the HTTP function logs it, or the queue function. */
const problem = (code: string): string => `{ ($.message.code = "${code}") || ($.message.error.code = "${code}") }`;

/** What is counted of a function's log lines; `$.message` is what the code logged, the rest is Lambda's. */
const counted = {
  /** What nobody's grant allowed. */
  denied: '{ $.message.attempt.outcome = "denied" }',
  /** Requests whose outcome became unknown, and those of which it was found out. */
  'unknown-opened': '{ $.message.attempt.unknown = "opened" }',
  'unknown-closed': '{ $.message.attempt.unknown = "closed" }',
  /** PingOne did not take our credentials, or they could not be read. */
  'credential-failures': problem('PINGONE_ACCESS_FAILED'),
  /** PingOne's 429s that reached a caller, or made a message wait. */
  'rate-limits': problem('REQUEST_LIMITED'),
  /** PingOne could not be reached. */
  'connection-failures': problem('PINGONE_UNREACHABLE'),
  /** PingOne refused a request. */
  refusals: problem('PINGONE_REFUSED'),
  /** Requests that ended with their resource: made now, found after a lost answer, or done before. */
  created: '{ $.message.attempt.outcome = "created" }',
  adopted: '{ $.message.attempt.outcome = "adopted" }',
  replayed: '{ $.message.attempt.outcome = "replayed" }',
  /** Attempts that met one of PingOne's 429s, also where it was waited for. */
  'pingone-429': '{ $.message.attempt.limited > 0 }',
  /** What was read anew: seldom, as long as both are cached. */
  'token-refreshes': '{ $.message.refreshed = "token" }',
  'secret-refreshes': '{ $.message.refreshed = "secret" }',
  /** A request that may have made two resources, or found one that is another's. */
  'doubtful-resources': '{ $.message.alarm = * }',
  /** Messages that were put into the dead-letter queue. */
  burials: '{ $.message.buried = * }',
} as const;

export type CountedName = keyof typeof counted;

export interface EndpointMetricsProps {
  /** Tells stages and endpoints apart, since a filter can give its metric no dimension of its own. */
  readonly namespace: string;
  readonly logGroups: Readonly<Record<string, LogGroup>>;
}

/** What the logs of an endpoint's functions say, as metrics. */
export class EndpointMetrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, { namespace, logGroups }: EndpointMetricsProps) {
    super(scope, id);
    this.#namespace = namespace;
    for (const [door, logGroup] of Object.entries(logGroups)) {
      for (const [name, pattern] of Object.entries(counted)) {
        this.#filter(`${door}${pascalCase(name)}`, { logGroup, metricName: name, pattern, metricValue: '1' });
      }
      this.#filter(`${door}PingOneLatency`, {
        logGroup,
        metricName: 'pingone-latency',
        pattern: '{ $.message.attempt.sends > 0 }',
        metricValue: '$.message.attempt.pingOneMs',
      });
      this.#filter(`${door}ColdStarts`, {
        logGroup,
        metricName: 'cold-start',
        pattern: '{ $.type = "platform.report" && $.record.metrics.initDurationMs > 0 }',
        metricValue: '$.record.metrics.initDurationMs',
      });
    }
  }

  /** How often something was logged. */
  count(name: CountedName): Metric {
    return this.#metric(name, Stats.SUM);
  }

  /** How long PingOne took for the creates of one attempt, in milliseconds. */
  pingOneLatency(statistic: string): Metric {
    return this.#metric('pingone-latency', statistic);
  }

  /** How often a function had to be started, or with another statistic how long that took (milliseconds). */
  coldStart(statistic: string): Metric {
    return this.#metric('cold-start', statistic);
  }

  #metric(metricName: string, statistic: string): Metric {
    return new Metric({ namespace: this.#namespace, metricName, statistic, period: Duration.minutes(5) });
  }

  #filter(
    id: string,
    { pattern, ...props }: { logGroup: LogGroup; metricName: string; pattern: string; metricValue: string },
  ): void {
    const filterPattern = FilterPattern.literal(pattern);
    new MetricFilter(this, id, { ...props, filterPattern, metricNamespace: this.#namespace });
  }
}
