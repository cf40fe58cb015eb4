import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { type Published, publish } from '../stacks/publish.ts';

export interface CustomerKeyProps {
  /** Whether the key is deleted or retained with its stack. */
  readonly removalPolicy: RemovalPolicy;
}

/** A KMS key of the account for all data at rest except queue messages, which have their own key. */
export class CustomerKey extends Construct {
  readonly key: Key;
  /** The key's ARN, for any stack. */
  readonly arn: Published;

  constructor(scope: Construct, id: string, { removalPolicy }: CustomerKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'PingOne Provisioner: ledger, secrets, alarms and logs',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.arn = publish(this, 'customer-key', this.key.keyArn);
    const { account, region, partition } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroupsOfThisAccount',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }
}

/** Lets a role use a key, only through one AWS service. */
export const grantKeyVia = (
  service: 'dynamodb' | 'secretsmanager' | 'sqs',
  {
    keyArn,
    grantee,
    actions,
  }: { readonly keyArn: string | undefined; readonly grantee: IGrantable & IConstruct; readonly actions: string[] },
): void => {
  if (keyArn === undefined) return;
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(grantee).region}.amazonaws.com` } },
  });
};
