import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  PeriodOverride,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import type { ProvisionerApi } from './provisioner-api.ts';

export interface OperatorDashboardProps {
  readonly api: ProvisionerApi;
  readonly alarms: Alarms;
  readonly runbookUrl: string;
}

/** What an operator keeps open: all alarms, the API, and a row for each endpoint. */
export class OperatorDashboard extends Dashboard {
  readonly #api: ProvisionerApi;

  constructor(scope: Construct, id: string, { api, alarms, runbookUrl }: OperatorDashboardProps) {
    super(scope, id, { defaultInterval: Duration.hours(12), periodOverride: PeriodOverride.AUTO });
    this.#api = api;
    this.addWidgets(
      new TextWidget({ markdown: `# PingOne Provisioner\n\n[Runbook](${runbookUrl})`, width: 24, height: 2 }),
    );
    this.addWidgets(new AlarmStatusWidget({ alarms: alarms.all, title: 'Alarms', width: 24, height: 4 }));
    const { stage } = api;
    this.addWidgets(
      graph('HTTP requests', [
        stage.metricCount({ label: 'all' }),
        stage.metricClientError({ label: '4xx', statistic: Stats.SUM }),
        stage.metricServerError({ label: '5xx', statistic: Stats.SUM }),
      ]),
      graph(
        'HTTP latency (ms)',
        percentiles((statistic, label) => stage.metricLatency({ statistic, label })),
      ),
      graph('What API Gateway adds to our functions (ms)', [
        stage.metricLatency({ statistic: Stats.p(95), label: 'latency p95' }),
        stage.metricIntegrationLatency({ statistic: Stats.p(95), label: 'function p95' }),
      ]),
    );
  }

  addEndpoint(doors: EndpointDoors): void {
    const { endpoint, http, queue, requests, rule, metrics } = doors;
    this.addWidgets(new TextWidget({ markdown: `## ${endpoint.summary}\n\`${endpoint.name}\``, width: 24, height: 2 }));
    const requestsByDoor = [
      this.#ofRoute(endpoint.path, 'Count', { statistic: Stats.SAMPLE_COUNT, label: 'HTTP requests' }),
      this.#ofRoute(endpoint.path, '4xx', { statistic: Stats.SUM, label: 'HTTP 4xx' }),
      this.#ofRoute(endpoint.path, '5xx', { statistic: Stats.SUM, label: 'HTTP 5xx' }),
      matched(rule.ruleName),
    ];
    this.addWidgets(
      graph('Requests', requestsByDoor),
      graph(
        'Outcomes that were no resource',
        outcomes.map(([name, label]) => metrics.count(name).with({ label })),
      ),
      graph('Latency (ms)', [
        ...percentiles((statistic, label) =>
          this.#ofRoute(endpoint.path, 'Latency', { statistic, label: `HTTP ${label}` }),
        ),
        queue.function.metricDuration({ statistic: Stats.p(95), label: 'queue p95' }),
      ]),
    );
    this.#addPingOne(doors);
    this.addWidgets(
      graph(
        'Queue',
        [
          requests.queue.metricApproximateNumberOfMessagesVisible({ label: 'waiting' }),
          requests.queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in flight or postponed' }),
          requests.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
          requests.undelivered.metricApproximateNumberOfMessagesVisible({ label: 'undelivered events' }),
        ],
        [requests.queue.metricApproximateAgeOfOldestMessage({ label: 'oldest message (s)' })],
      ),
      graph('Functions', [
        http.function.metricErrors({ label: 'HTTP errors' }),
        queue.function.metricErrors({ label: 'queue errors' }),
        http.function.metricThrottles({ label: 'HTTP throttles' }),
        queue.function.metricThrottles({ label: 'queue throttles' }),
      ]),
      graph(
        'Cold starts',
        [metrics.coldStart(Stats.SAMPLE_COUNT).with({ label: 'cold starts' })],
        [metrics.coldStart(Stats.p(95)).with({ label: 'init p95 (ms)' })],
      ),
    );
  }

  #addPingOne({ metrics }: EndpointDoors): void {
    this.addWidgets(
      graph(
        'Outcomes that were a resource',
        made.map((name) => metrics.count(name).with({ label: name })),
      ),
      graph(
        "PingOne's part (ms)",
        percentiles((statistic, label) => metrics.pingOneLatency(statistic).with({ label })),
      ),
      graph(
        'Asked of PingOne again',
        again.map(([name, label]) => metrics.count(name).with({ label })),
      ),
    );
  }

  #ofRoute(path: string, metricName: string, { statistic, label }: { statistic: string; label: string }): Metric {
    const { apiId } = this.#api.api;
    return new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: apiId, Stage: this.#api.stage.stageName, Method: 'POST', Resource: `/v1${path}` },
      statistic,
      label,
      period: Duration.minutes(5),
    });
  }
}

const outcomes = [
  ['unknown-opened', 'unknown'],
  ['refusals', 'refused by PingOne'],
  ['rate-limits', 'PingOne 429'],
  ['connection-failures', 'PingOne unreachable'],
  ['credential-failures', 'PingOne 401'],
  ['doubtful-resources', 'doubtful'],
  ['burials', 'buried'],
  ['denied', 'denied'],
] as const;

const made = ['created', 'adopted', 'replayed'] as const;

const again = [
  ['pingone-429', 'after 429'],
  ['token-refreshes', 'new token'],
  ['secret-refreshes', 'secret read'],
] as const;

/** Events that matched an endpoint's rule. */
const matched = (ruleName: string): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName: 'MatchedEvents',
    dimensionsMap: { RuleName: ruleName },
    statistic: Stats.SUM,
    label: 'events',
    period: Duration.minutes(5),
  });

const percentiles = (metric: (statistic: string, label: string) => IMetric): IMetric[] =>
  [50, 95, 99].map((percentile) => metric(Stats.p(percentile), `p${percentile}`));

const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: 8, height: 6, leftYAxis: { min: 0 } });
