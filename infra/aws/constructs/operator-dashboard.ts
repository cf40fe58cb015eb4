import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, PeriodOverride, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { EndpointDoors } from './endpoint-doors.ts';
import { endpointGraphs } from './endpoint-graphs.ts';
import type { LogMetrics } from './log-metrics.ts';
import type { ProvisionerApi } from './provisioner-api.ts';
import { stageGraphs } from './stage-graphs.ts';

export interface OperatorDashboardProps {
  readonly api: ProvisionerApi;
  readonly doors: readonly EndpointDoors[];
  readonly alarms: Alarms;
  readonly metrics: LogMetrics;
  readonly runbookUrl: string;
}

/** The dashboard: all alarms, graphs of the whole stage, and rows for each endpoint. */
export class OperatorDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { api, doors, alarms, metrics, runbookUrl }: OperatorDashboardProps) {
    super(scope, id, { defaultInterval: Duration.hours(12), periodOverride: PeriodOverride.AUTO });
    this.#write(
      `# PingOne Provisioner\n\n${URL.canParse(runbookUrl) ? `[Runbook](${runbookUrl})` : `Runbook: ${runbookUrl}`}`,
    );
    this.addWidgets(new AlarmStatusWidget({ alarms: alarms.all, title: 'Alarms', width: 24, height: 4 }));
    for (const row of stageGraphs(api, metrics)) this.addWidgets(...row);
    for (const each of doors) {
      this.#write(`## ${each.endpoint.summary}\n\`${each.endpoint.name}\``);
      for (const row of endpointGraphs(each, api, metrics)) this.addWidgets(...row);
    }
  }

  #write(markdown: string): void {
    this.addWidgets(new TextWidget({ markdown, width: 24, height: 2 }));
  }
}
