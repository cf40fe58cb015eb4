import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms, Named } from './alarms.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';

/** Alarms on AWS's own metrics of queues, rules and functions, for the whole stage. */
export const watchQueues = (alarms: Alarms, doors: readonly EndpointDoors[]): void => {
  const ofEach = (metric: (door: EndpointDoors) => Metric): Named[] =>
    doors.map((door) => ({ name: door.endpoint.name, metric: metric(door) }));
  const largest = { statistic: Stats.MAXIMUM };

  alarms.watchAll(
    'DeadLetters',
    'SUM',
    [
      ...ofEach(({ requests }) => requests.deadLetters.metricApproximateNumberOfMessagesVisible(largest)),
      ...doors.flatMap(({ endpoint, deployments }): Named[] => {
        const metric = deployments?.pending.deadLetters.metricApproximateNumberOfMessagesVisible(largest);
        return metric ? [{ name: `deployments after ${endpoint.name}`, metric }] : [];
      }),
    ],
    {
      threshold: 0,
      meaning: 'A dead-letter queue has messages that could not be read or stayed unresolved for six hours.',
      anchor: 'dead-letters',
    },
  );
  alarms.watchAll(
    'Undelivered',
    'SUM',
    ofEach(({ requests }) => requests.undelivered.metricApproximateNumberOfMessagesVisible(largest)),
    { threshold: 0, meaning: 'EventBridge could not deliver events to a queue.', anchor: 'undelivered-events' },
  );
  alarms.watchAll(
    'LostEvents',
    'SUM',
    ofEach((door) => ofRule(door, 'InvocationsFailedToBeSentToDlq')),
    {
      threshold: 0,
      meaning:
        'EventBridge could deliver events neither to a queue nor to the queue of undelivered events: they are lost.',
      anchor: 'undelivered-events',
    },
  );
  alarms.watchAll(
    'DeliveryRetries',
    'SUM',
    ofEach((door) => ofRule(door, 'RetryInvocationAttempts')),
    {
      threshold: 0,
      breaches: 'throughout',
      meaning: 'EventBridge has had to repeat deliveries to a queue for 15 minutes.',
      anchor: 'undelivered-events',
    },
  );
  // SQS leaves out messages that were received three times: WaitingMessages covers those.
  alarms.watchAll(
    'UnreadMessages',
    'MAX',
    ofEach(({ requests }) => requests.queue.metricApproximateAgeOfOldestMessage(largest)),
    {
      threshold: Duration.minutes(15).toSeconds(),
      meaning: 'A message has been in a queue for more than 15 minutes and was hardly read.',
      anchor: 'unread-messages',
    },
  );
};

export const watchFunctions = (alarms: Alarms, functions: Readonly<Record<string, ProvisionerFunction>>): void => {
  const ofEach = (metric: (one: ProvisionerFunction) => Metric): Named[] =>
    Object.entries(functions).map(([name, one]) => ({ name, metric: metric(one) }));
  alarms.watchAll(
    'FunctionErrors',
    'SUM',
    ofEach((one) => one.function.metricErrors()),
    { threshold: 0, meaning: 'A function crashed or ran out of time.', anchor: 'function-errors' },
  );
  alarms.watchAll(
    'FunctionThrottles',
    'SUM',
    ofEach((one) => one.function.metricThrottles()),
    {
      threshold: 0,
      meaning: 'Lambda throttled a function; the account is out of concurrency.',
      anchor: 'throttles',
    },
  );
};

/** EventBridge's metric of one rule; on a bus other than the default it has both dimensions. */
export const ofRule = ({ rule, busName }: EndpointDoors, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { EventBusName: busName, RuleName: rule.ruleName },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
  });
