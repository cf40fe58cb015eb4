import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * A KMS key of the account for messages only. Bodies contain secrets of connectors, so its policy names the roles that
 * decrypt them. The key of ledger and logs can't: it is created before the roles.
 */
export class QueueKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'PingOne Provisioner: messages of queues',
      enableKeyRotation: true,
      // Deleted with the queues; KMS can restore it for 30 days.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventBridge',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        // No condition, since AWS's pages disagree: SNS's guide ("Key management", Important) says that aws:SourceAccount is
        // not supported if EventBridge delivers to an encrypted target, and awslabs/landing-zone-accelerator-on-aws#407 saw
        // it fail; EventBridge's guide (eb-encryption-key-policy) advises it, for buses. The queues' policies name the rule.
      }),
    );
  }

  /** Denies the key to every identity except some roles, regardless of their own policies. Services have no ARN. */
  decryptOnlyBy(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OtherDecryptors',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt', 'kms:ReEncryptFrom'],
        resources: ['*'],
        conditions: {
          Null: { 'aws:PrincipalArn': 'false' },
          ArnNotEquals: { 'aws:PrincipalArn': roles.map(({ roleArn }) => roleArn) },
        },
      }),
    );
  }
}
