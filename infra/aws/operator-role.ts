import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a person on duty assumes to redrive dead letters; the account's administrators say who may. */
export class OperatorRole extends Role {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'PingOne Provisioner: moves messages from the dead-letter queues back',
      assumedBy: new AccountRootPrincipal(),
    });
  }
}
