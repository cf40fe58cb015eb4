import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../settings/stage.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { LogMetrics } from './log-metrics.ts';
import { OperatorDashboard } from './operator-dashboard.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';
import { watchApi, watchWebhooks } from './watch-api.ts';
import { watchFunctions, watchQueues } from './watch-parts.ts';
import { watchRequests } from './watch-requests.ts';

export interface MonitoringProps {
  readonly stage: Stage;
  readonly stageName: string;
  readonly api: ProvisionerApi;
  readonly doors: readonly EndpointDoors[];
  /** The functions that belong to no endpoint, by their names in alarms. */
  readonly functions: Readonly<Record<string, ProvisionerFunction>>;
  /** The log group of all functions. */
  readonly logGroup: ILogGroup;
  readonly encryptionKey: IKey | undefined;
}

/** A stage's monitoring: metrics of the logs, alarms with their topic, and a dashboard. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { stage, stageName, api, doors, functions, logGroup, encryptionKey } = props;
    const { runbookUrl, alarmEmail: email } = stage;
    const metrics = new LogMetrics(this, 'Metrics', {
      namespace: `PingOneProvisioner/${stageName}`,
      functionLogs: logGroup,
      accessLog: api.accessLog.logGroup,
    });
    const topic = new AlarmTopic(this, 'Topic', { email, encryptionKey });
    const alarms = new Alarms(this, 'Alarms', { topic, runbookUrl });
    watchRequests(alarms, metrics);
    watchQueues(alarms, doors);
    watchFunctions(alarms, {
      ...Object.fromEntries(doors.map(({ endpoint, http }) => [endpoint.name, http])),
      ...Object.fromEntries(doors.map(({ endpoint, queue }) => [`${endpoint.name} from its queue`, queue])),
      ...Object.fromEntries(doors.map(({ endpoint, read }) => [`reads of ${endpoint.name}`, read])),
      ...Object.fromEntries(
        doors.flatMap(({ endpoint, deployments }) =>
          deployments
            ? [
                [`deployments of ${endpoint.name}`, deployments.onCall],
                [`deployments after ${endpoint.name}`, deployments.fromQueue],
              ]
            : [],
        ),
      ),
      ...functions,
    });
    watchApi(alarms, api, metrics);
    if (Object.keys(stage.webhooks).length > 0) watchWebhooks(alarms, metrics);
    new OperatorDashboard(this, 'Dashboard', { api, doors, alarms, metrics, runbookUrl });
  }
}
