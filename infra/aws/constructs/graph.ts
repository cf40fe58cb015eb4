import { GraphWidget, type IMetric, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** A graph of a third of the dashboard's width; `right` has metrics in another unit. */
export const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: 8, height: 6, leftYAxis: { min: 0 } });

/** A metric as p50, p95 and p99. */
export const percentiles = (metric: (statistic: string, label: string) => IMetric): IMetric[] =>
  [50, 95, 99].map((percentile) => metric(Stats.p(percentile), `p${percentile}`));
