import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * A KMS key of the account for messages only. Bodies contain secrets of connectors, so its policy names who decrypts
 * them, which the key of ledger and logs can't: that one is older than the roles.
 */
export class QueueKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'PingOne Provisioner: messages of queues',
      enableKeyRotation: true,
      // It goes with the queues; for 30 days it can be had back.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventBridge',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        // No condition, since AWS's pages disagree: SNS's guide ("Key management", Important) says that aws:SourceAccount is
        // not supported where EventBridge delivers to what is encrypted, and awslabs/landing-zone-accelerator-on-aws#407 saw
        // it fail; EventBridge's guide (eb-encryption-key-policy) advises it, for buses. The queues' policies pin the rule.
      }),
    );
  }

  /** Shuts the key for every identity but some roles, whatever else they are allowed. Services have no ARN. */
  decryptOnlyBy(roles: readonly IRole[]): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyElseDecrypts',
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
