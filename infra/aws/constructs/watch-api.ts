import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import type { LogMetrics } from './log-metrics.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import { percentOf } from './watch-requests.ts';

/** The alarm on webhooks that get 401. */
export const watchWebhooks = (alarms: Alarms, metrics: LogMetrics): void => {
  alarms.watch('WebhookRefusals', metrics.of('webhook-refusals'), {
    threshold: 0,
    breaches: 'throughout',
    meaning: 'Webhooks of a source of this stage have been refused for 15 minutes: their signature or time is wrong.',
    anchor: 'webhook-refusals',
  });
};

/** Alarms on API Gateway's answers. */
export const watchApi = (alarms: Alarms, { stage }: ProvisionerApi, metrics: LogMetrics): void => {
  const failures = stage.metricServerError({ statistic: Stats.SUM });
  alarms.watch('ServerErrors', percentOf(failures, stage.metricCount()), {
    threshold: 5,
    breaches: 'throughout',
    meaning: 'More than 5 % of all HTTP requests have failed for 15 minutes.',
    anchor: 'server-errors',
  });
  alarms.watch('Throttling', metrics.of('throttled'), {
    threshold: 0,
    breaches: 'throughout',
    meaning: 'API Gateway has refused requests for 15 minutes, since there were more than the stage allows.',
    anchor: 'api-throttling',
  });
};
