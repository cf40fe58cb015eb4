import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** The e-mail address that receives alarms, if any. */
  readonly email: string | undefined;
  readonly encryptionKey: IKey | undefined;
}

/** The SNS topic that every alarm is sent to. Its customer key lets CloudWatch use it (`CustomerKey`). */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email, encryptionKey }: AlarmTopicProps) {
    super(scope, id, { displayName: 'PingOne Provisioner', enforceSSL: true, masterKey: encryptionKey });
    // `enforceSSL` replaces SNS's default policy, which would have let CloudWatch publish.
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) this.addSubscription(new EmailSubscription(email));
  }
}
