import * as z from 'zod/mini';
import type { Cost } from './per-million.ts';
import { prices } from './prices.ts';
import { alarm, type Metric, type Resources } from './template.ts';

/** What API Gateway counts of a route: requests, 4xx, 5xx, two latencies, and bytes. */
const metricsPerRoute = 6;

/** The monthly cost of a stage without use; metrics are counted as if each had data all month. */
export const monthly = ({ ofType }: Resources): readonly Cost[] => {
  const { alarmMetric, customMetric, dashboard, secret, key } = prices.perMonth;
  const any = z.unknown();
  const watched = ofType('AWS::CloudWatch::Alarm', alarm).flatMap(metricsOf);
  const dashboards = ofType('AWS::CloudWatch::Dashboard', z.object({ DashboardBody: dashboardBody }));
  const shown = dashboards.flatMap(({ DashboardBody }) => ownMetricsIn(DashboardBody));
  const own = new Set([...watched.filter(isOwn).map(({ MetricName }) => MetricName), ...shown]);
  const routes = ofType('AWS::ApiGatewayV2::Route', any).length;
  const lines = [
    ['alarms', watched.length * alarmMetric],
    ['metrics of logs', own.size * customMetric],
    ['metrics of routes', routes * metricsPerRoute * customMetric],
    ['dashboard', dashboards.length * dashboard],
    ['secrets', ofType('AWS::SecretsManager::Secret', any).length * secret],
    ['keys', ofType('AWS::KMS::Key', any).length * key],
  ] as const;
  return lines.map(([of, usd]) => ({ of, usd }));
};

/** JSON, with references in between. */
const dashboardBody = z.union([z.string(), z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })]);

/** Of a metric: its namespace, its name, names and values of its dimensions, and how it is shown. */
const widgets = z.object({
  widgets: z.array(z.object({ properties: z.object({ metrics: z.optional(z.array(z.array(z.unknown()))) }) })),
});

const metricsOf = (one: z.output<typeof alarm>): readonly Metric[] =>
  'Metrics' in one ? one.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) : [one];

const isOwn = ({ Namespace }: Pick<Metric, 'Namespace'>): boolean => Namespace.startsWith('PingOneProvisioner/');

/** The gateway's metrics on a dashboard, each as its name and dimensions. */
const ownMetricsIn = (body: z.output<typeof dashboardBody>): readonly string[] => {
  const text =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '-')).join('');
  return z
    .parse(widgets, JSON.parse(text))
    .widgets.flatMap(({ properties: { metrics = [] } }) => metrics)
    .filter(([namespace]) => isOwn({ Namespace: String(namespace) }))
    .map(([, ...rest]) => rest.filter((part) => typeof part === 'string').join(' '));
};
