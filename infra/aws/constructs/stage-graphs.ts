import { type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { graph, percentiles } from './graph.ts';
import type { LogMetrics } from './log-metrics.ts';
import type { ProvisionerApi } from './provisioner-api.ts';

/** The dashboard's rows for the whole stage. */
export const stageGraphs = ({ stage }: ProvisionerApi, metrics: LogMetrics): readonly IWidget[][] => [
  [
    graph('HTTP requests', [
      stage.metricCount({ label: 'all' }),
      stage.metricClientError({ label: '4xx', statistic: Stats.SUM }),
      stage.metricServerError({ label: '5xx', statistic: Stats.SUM }),
      metrics.of('throttled').with({ label: 'throttled' }),
    ]),
    graph(
      'HTTP latency (ms)',
      percentiles((statistic, label) => stage.metricLatency({ statistic, label })),
    ),
    graph('What API Gateway adds to our functions (ms)', [
      stage.metricLatency({ statistic: Stats.p(95), label: 'latency p95' }),
      stage.metricIntegrationLatency({ statistic: Stats.p(95), label: 'function p95' }),
    ]),
  ],
  [
    graph(
      'Requests of unknown outcome',
      [metrics.of('open-requests', Stats.MAXIMUM).with({ label: 'open' })],
      [metrics.of('open-oldest-ms', Stats.MAXIMUM).with({ label: 'oldest (ms)' })],
    ),
    graph(
      'Messages that wait',
      [metrics.of('waiting-ms', Stats.MAXIMUM).with({ label: 'longest (ms)' })],
      [metrics.of('receives', Stats.MAXIMUM).with({ label: 'most receives' })],
    ),
    graph('Asked of PingOne again', [
      metrics.of('pingone-limits').with({ label: 'after 429' }),
      ...['token', 'secret'].map((refreshed) =>
        metrics.of('refreshes', Stats.SUM, { refreshed }).with({ label: `new ${refreshed}` }),
      ),
    ]),
  ],
  [
    graph(
      "The gateway's own part of a create (ms)",
      percentiles((statistic, label) => metrics.of('own-ms', statistic).with({ label })),
    ),
    graph(
      'Cold starts',
      [metrics.of('cold-starts', Stats.SAMPLE_COUNT).with({ label: 'cold starts' })],
      [metrics.of('cold-starts', Stats.p(95)).with({ label: 'init p95 (ms)' })],
    ),
    graph('Needs a person', [
      metrics.of('errors').with({ label: 'errors' }),
      metrics.of('credential-failures').with({ label: 'credentials' }),
      metrics.of('ledger-failures').with({ label: 'ledger' }),
      metrics.of('denied').with({ label: 'denied' }),
    ]),
  ],
];
