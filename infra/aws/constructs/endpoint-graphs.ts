import { Duration } from 'aws-cdk-lib';
import { type IWidget, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { CallerKind } from './caller-kind.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { graph, percentiles } from './graph.ts';
import type { LogMetrics, MeasureName } from './log-metrics.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import { ofRule } from './watch-parts.ts';

/** The dashboard's rows for one endpoint. */
export const endpointGraphs = (
  doors: EndpointDoors,
  api: ProvisionerApi,
  metrics: LogMetrics,
): readonly IWidget[][] => {
  const { endpoint, http, queue, requests, deployments } = doors;
  const { name } = endpoint;
  const ofKind = ({ auth, basePath }: CallerKind, metricName: string, statistic: string, label: string): Metric =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: {
        ApiId: api.api.apiId,
        Stage: api.stage.stageName,
        Method: 'POST',
        Resource: `${basePath}/v1${endpoint.path}`,
      },
      statistic,
      label: basePath === '' ? label : `${label} (${auth.type})`,
      period: Duration.minutes(5),
    });
  const ofRoutes = (metricName: string, statistic: string, label: string): readonly Metric[] =>
    api.kinds.map((kind) => ofKind(kind, metricName, statistic, label));
  /** A count of lines for each value of a dimension. */
  const countsOf = (measure: MeasureName, dimension: string, values: readonly string[]): Metric[] =>
    values.map((value) =>
      metrics.of(measure, Stats.SUM, { endpoint: name, [dimension]: value }).with({ label: value }),
    );
  return [
    [
      graph('Requests', [
        ...ofRoutes('Count', Stats.SAMPLE_COUNT, 'HTTP requests'),
        ...ofRoutes('4xx', Stats.SUM, 'HTTP 4xx'),
        ...ofRoutes('5xx', Stats.SUM, 'HTTP 5xx'),
        ofRule(doors, 'MatchedEvents').with({ label: 'events' }),
      ]),
      graph('Latency (ms)', [
        ...api.kinds.flatMap((kind) =>
          percentiles((statistic, label) => ofKind(kind, 'Latency', statistic, `HTTP ${label}`)),
        ),
        queue.function.metricDuration({ statistic: Stats.p(95), label: 'queue p95' }),
      ]),
      graph(
        "PingOne's part (ms)",
        percentiles((statistic, label) => metrics.of('pingone-ms', statistic, { endpoint: name }).with({ label })),
      ),
    ],
    [
      graph('Attempts by outcome', countsOf('outcomes', 'outcome', outcomes)),
      graph('Attempts by problem', countsOf('problems', 'code', problems)),
      graph('Functions', [
        http.function.metricErrors({ label: 'HTTP errors' }),
        queue.function.metricErrors({ label: 'queue errors' }),
        http.function.metricThrottles({ label: 'HTTP throttles' }),
        queue.function.metricThrottles({ label: 'queue throttles' }),
      ]),
    ],
    [
      graph(
        'Queue',
        [
          requests.queue.metricApproximateNumberOfMessagesVisible({ label: 'waiting' }),
          requests.queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in flight or postponed' }),
          requests.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
          requests.undelivered.metricApproximateNumberOfMessagesVisible({ label: 'undelivered events' }),
        ],
        [requests.queue.metricApproximateAgeOfOldestMessage({ label: 'oldest that is hardly read (s)' })],
      ),
      ...(deployments ? [graph('Deployments by outcome', countsOf('deployments', 'outcome', deploymentOutcomes))] : []),
    ],
  ];
};

const outcomes = ['created', 'adopted', 'replayed', 'accepted', 'denied', 'failed'] as const;

const deploymentOutcomes = ['deployed', 'deploying', 'failed', 'later', 'unknown', 'denied'] as const;

/** Problem codes that indicate trouble with PingOne, the ledger or the gateway. */
const problems = [
  'OUTCOME_UNKNOWN',
  'PINGONE_REFUSED',
  'REQUEST_LIMITED',
  'PINGONE_UNREACHABLE',
  'PINGONE_ACCESS_FAILED',
  'LEDGER_UNAVAILABLE',
  'QUEUE_UNAVAILABLE',
  'REQUEST_IN_PROGRESS',
  'UNEXPECTED_ERROR',
] as const;
