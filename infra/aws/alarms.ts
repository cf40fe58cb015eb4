import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { pascalCase } from './pascal-case.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import type { Stage } from './stage.ts';

export interface AlarmsProps {
  readonly stage: Stage;
  readonly encryptionKey: IKey | undefined;
}

interface Condition {
  readonly metric: IMetric;
  /** It alarms above this. */
  readonly threshold: number;
  /** How many periods in a row; 1 by default. */
  readonly evaluationPeriods?: number;
  /** What has happened, for whoever is woken by it. */
  readonly meaning: string;
  /** Where the runbook says what to do. */
  readonly anchor: string;
}

/** Everything that a person has to look at, told to one topic. */
export class Alarms extends Construct {
  readonly topic: AlarmTopic;
  readonly all: Alarm[] = [];
  readonly #runbookUrl: string;

  constructor(scope: Construct, id: string, { stage, encryptionKey }: AlarmsProps) {
    super(scope, id);
    this.#runbookUrl = stage.runbookUrl;
    this.topic = new AlarmTopic(this, 'Topic', { email: stage.alarmEmail, encryptionKey });
  }

  watchEndpoint({ endpoint, http, queue, requests, metrics }: EndpointDoors): void {
    const scope = new Construct(this, pascalCase(endpoint.name));
    const { name } = endpoint;
    this.#add(scope, 'DeadLetters', {
      metric: requests.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      threshold: 0,
      meaning: `${name}: the dead-letter queue holds messages that nobody could read, or that stayed unresolved for six hours.`,
      anchor: 'dead-letters',
    });
    this.#add(scope, 'Undelivered', {
      metric: requests.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      threshold: 0,
      meaning: `${name}: EventBridge could not deliver events to the queue.`,
      anchor: 'undelivered-events',
    });
    this.#add(scope, 'OldestMessage', {
      metric: requests.queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM }),
      threshold: Duration.hours(1).toSeconds(),
      meaning: `${name}: a message has waited for more than an hour.`,
      anchor: 'old-messages',
    });
    this.#add(scope, 'UnknownOutcomes', {
      metric: new MathExpression({
        label: 'outcomes left unknown',
        expression: 'FILL(opened, 0) - FILL(closed, 0)',
        usingMetrics: { opened: metrics.count('unknown-opened'), closed: metrics.count('unknown-closed') },
        period: Duration.hours(1),
      }),
      threshold: 0,
      meaning: `${name}: more creates were left with an unknown outcome in an hour than were found out about.`,
      anchor: 'unknown-outcomes',
    });
    this.#add(scope, 'DoubtfulResources', {
      metric: metrics.count('doubtful-resources'),
      threshold: 0,
      meaning: `${name}: a request may have made two resources; the log line names them.`,
      anchor: 'doubtful-resources',
    });
    this.#add(scope, 'CredentialFailures', {
      metric: metrics.count('credential-failures'),
      threshold: 0,
      meaning: `${name}: PingOne answered 401 to our own credentials, or they cannot be read.`,
      anchor: 'credentials',
    });
    for (const [door, { function: lambda }] of Object.entries({ Http: http, Queue: queue })) {
      this.#add(scope, `${door}Errors`, {
        metric: lambda.metricErrors(),
        threshold: 0,
        meaning: `${name}: the ${door.toLowerCase()} function crashed or ran out of time.`,
        anchor: 'function-errors',
      });
      this.#add(scope, `${door}Throttles`, {
        metric: lambda.metricThrottles(),
        threshold: 0,
        meaning: `${name}: Lambda throttled the ${door.toLowerCase()} function; the account is out of concurrency.`,
        anchor: 'throttles',
      });
    }
  }

  watchApi({ stage }: ProvisionerApi): void {
    this.#add(this, 'ServerErrors', {
      metric: new MathExpression({
        label: '5xx in percent',
        // One failure of three requests at night is no incident.
        expression: 'IF(requests >= 20, 100 * failures / requests, 0)',
        usingMetrics: { failures: stage.metricServerError({ statistic: Stats.SUM }), requests: stage.metricCount() },
        period: Duration.minutes(5),
      }),
      threshold: 5,
      evaluationPeriods: 2,
      meaning: 'More than 5 % of all HTTP requests have failed for ten minutes.',
      anchor: 'server-errors',
    });
  }

  #add(scope: Construct, id: string, { meaning, anchor, evaluationPeriods = 1, ...condition }: Condition): void {
    const alarm = new Alarm(scope, id, {
      ...condition,
      evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${meaning} Runbook: ${this.#runbookUrl}#${anchor}`,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.all.push(alarm);
  }
}
