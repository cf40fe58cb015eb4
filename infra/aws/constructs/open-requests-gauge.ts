import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Ledger } from './ledger.ts';
import { ProvisionerFunction } from './provisioner-function.ts';

export interface OpenRequestsGaugeProps {
  readonly ledger: Ledger;
  readonly logGroup: ILogGroup;
}

/** Counts the requests of unknown outcome every hour, and logs the age of the oldest; `npm run cost` has the price. */
export class OpenRequestsGauge extends Construct {
  readonly function: ProvisionerFunction<'open-requests'>;

  constructor(scope: Construct, id: string, { ledger, logGroup }: OpenRequestsGaugeProps) {
    super(scope, id);
    this.function = new ProvisionerFunction(this, 'Count', {
      bundle: 'open-requests',
      description: 'Counts the requests whose outcome is not known',
      environment: { LEDGER_TABLE: ledger.tableName(this) },
      grants: undefined,
      logGroup,
    });
    ledger.grantScan(this.function);
    new Rule(this, 'Hourly', {
      description: 'Counts open requests',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(this.function.function)],
    });
  }
}
