import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import type { LogMetrics, MeasureName } from './log-metrics.ts';

const hourMs = Duration.hours(1).toMilliseconds();

/** Alarms on the functions' log lines. Rates are shares of attempts, so they alarm at one request a minute, too. */
export const watchRequests = (alarms: Alarms, metrics: LogMetrics): void => {
  const largest = (name: MeasureName, minutes: number) =>
    metrics.of(name, Stats.MAXIMUM).with({ period: Duration.minutes(minutes) });
  const share = (name: MeasureName) => percentOf(metrics.of(name), metrics.of('attempts'));

  alarms.watch('PingOneFailing', share('pingone-failures'), {
    threshold: 20,
    breaches: 'throughout',
    meaning: 'For 15 minutes more than 20 % of all attempts could not reach PingOne, or got no answer from it.',
    anchor: 'pingone-failing',
  });
  alarms.watch('PingOneLimiting', share('pingone-limits'), {
    threshold: 20,
    breaches: 'throughout',
    meaning: 'For 15 minutes PingOne has answered 429 to more than 20 % of all attempts.',
    anchor: 'pingone-limits',
  });
  alarms.watch('CredentialFailures', metrics.of('credential-failures'), {
    threshold: 0,
    meaning: "PingOne refused the gateway's own credentials, or their secret cannot be used.",
    anchor: 'credentials',
  });
  alarms.watch('LedgerFailures', metrics.of('ledger-failures'), {
    threshold: 0,
    breaches: 'twice',
    meaning: 'The ledger could not be read or written, or a request could not be queued.',
    anchor: 'ledger',
  });
  alarms.watch('LoggedErrors', metrics.of('errors'), {
    threshold: 0,
    breaches: 'twice',
    meaning: 'Functions keep logging unforeseen errors, or outcomes cannot be published.',
    anchor: 'logged-errors',
  });
  alarms.watch('DoubtfulResources', metrics.of('doubtful-resources'), {
    threshold: 0,
    meaning: 'A request may have made two resources; the log line names them.',
    anchor: 'doubtful-resources',
  });
  alarms.watch('WaitingMessages', largest('waiting-ms', 30), {
    threshold: hourMs,
    meaning: 'A message was received more than an hour ago and still has no outcome.',
    anchor: 'waiting-messages',
  });
  alarms.watch('ManyReceives', largest('receives', 30), {
    threshold: 60,
    meaning: 'A message was received more than 60 times; at 100 SQS moves it to the dead letters without an outcome.',
    anchor: 'waiting-messages',
  });
  // Longer than the hour between two counts, so each window has one.
  alarms.watch('OpenRequests', largest('open-oldest-ms', 90), {
    threshold: hourMs,
    meaning: 'For more than an hour it has not been known what became of a request.',
    anchor: 'open-requests',
  });
  // Two and a half counts: one failed or late count does not alarm.
  alarms.watchSilence('CountingStopped', metrics.of('open-requests'), Duration.minutes(150), {
    meaning: 'Open requests have not been counted for two hours and a half.',
    anchor: 'open-requests',
  });
  alarms.watch('DeploymentFailures', metrics.of('deployment-failures'), {
    threshold: 0,
    meaning:
      'A deployment after a create failed, or no grant allows it any more: PingOne does not enforce the operation yet.',
    anchor: 'deployments-of-api-services',
  });
  alarms.watch('OverdueDeployments', largest('pending-deployment-oldest-ms', 90), {
    threshold: hourMs,
    meaning: 'For more than an hour a created operation has been waiting for its deployment.',
    anchor: 'deployments-of-api-services',
  });
  alarms.watch('Denials', metrics.of('denied').with({ period: Duration.minutes(15) }), {
    threshold: 10,
    meaning: 'More than 10 requests in 15 minutes were denied by the grants.',
    anchor: 'denials',
  });
  alarms.watch('OwnLatency', metrics.of('own-ms', Stats.p(95)), {
    threshold: 2_000,
    breaches: 'throughout',
    meaning: "For 15 minutes the gateway's own part of a create has taken more than 2 s (p95).",
    anchor: 'own-latency',
  });
};

/** A share in percent; no value if nothing was counted. */
export const percentOf = (some: Metric, all: Metric): IMetric =>
  new MathExpression({
    expression: '100 * some / all',
    usingMetrics: { some, all },
    period: Duration.minutes(5),
  });
