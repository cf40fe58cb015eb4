import { Validations } from 'aws-cdk-lib';
import type { IRuleRef, IRuleTarget, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { requestQueue } from '../../deployment.ts';
import { DeadLetteredQueue, type DeadLetteredQueueProps, reading } from './dead-lettered-queue.ts';

/** An endpoint's queue, its dead-letter queue, and a queue for events that EventBridge could not deliver. */
export class RequestQueue extends DeadLetteredQueue implements IRuleTarget {
  /** Events that EventBridge could not deliver. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id, props, { ...requestQueue, retentionDays: 4 });
    this.undelivered = new Queue(this, 'Undelivered', this.common);
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: "It is a dead-letter queue itself: the rule's, which cdk-nag doesn't look at.",
    });
  }

  /** The target of a rule. Its policy allows only that rule (`SqsQueue` trusts all of EventBridge if there is a key). */
  bind({ ruleRef }: IRuleRef): RuleTargetConfig {
    for (const queue of [this.queue, this.undelivered]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          sid: 'Rule',
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': ruleRef.ruleArn } },
        }),
      );
    }
    return {
      arn: this.queue.queueArn,
      targetResource: this.queue,
      deadLetterConfig: { arn: this.undelivered.queueArn },
    };
  }

  /** Also grants reading what EventBridge could not deliver. */
  override grantRedrive(grantee: IGrantable & IConstruct): void {
    super.grantRedrive(grantee);
    this.undelivered.grant(grantee, ...reading);
  }
}
