import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IRuleRef, IRuleTarget, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type DeadLetterQueue, Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { requestQueue } from '../../deployment.ts';
import { grantKeyVia } from './customer-key.ts';

export interface RequestQueueProps {
  /** The queue's name, unique in account and region, of at most 80 characters. */
  readonly name: string;
  /** Encrypts all three queues; by default SQS's own key. */
  readonly encryptionKey: IKey | undefined;
}

/** An endpoint's queue, its dead-letter queue, and a queue for events that EventBridge could not deliver. */
export class RequestQueue extends Construct implements IRuleTarget {
  readonly queue: Queue;
  /** Messages that could not be read or stayed unresolved; they can be redriven. */
  readonly deadLetters: Queue;
  /** Events that EventBridge could not deliver. */
  readonly undelivered: Queue;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { name, encryptionKey }: RequestQueueProps) {
    super(scope, id);
    this.#key = encryptionKey;
    const common = {
      enforceSSL: true,
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
    };
    // SQS moves a message from a queue to its dead-letter queue without the policy of that queue.
    const noSources = { redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL } };
    const longest = { ...common, retentionPeriod: Duration.days(14) };
    // By its name: the queue refers to this one, and a template allows no cycle.
    const source = Queue.fromQueueArn(this, 'Source', Stack.of(this).formatArn({ service: 'sqs', resource: name }));
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...longest,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueues: [source] },
    });
    this.undelivered = new Queue(this, 'Undelivered', { ...longest, ...noSources });
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: "It is a dead-letter queue itself: the rule's, which cdk-nag doesn't look at.",
    });
    const deadLetterQueue: DeadLetterQueue = {
      queue: this.deadLetters,
      maxReceiveCount: requestQueue.maxReceiveCount,
    };
    this.queue = new Queue(this, 'Queue', {
      ...common,
      ...noSources,
      queueName: name,
      deadLetterQueue,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(requestQueue.visibilityTimeoutSeconds),
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

  grantSend(grantee: IGrantable & IConstruct): void {
    this.queue.grant(grantee, 'sqs:SendMessage');
    this.#grantKey(grantee);
  }

  /** Grants a function the actions of its event source mapping, and postponing and dead-lettering a message. */
  grantProcess(grantee: IGrantable & IConstruct): void {
    this.queue.grant(
      grantee,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
    );
    this.deadLetters.grant(grantee, 'sqs:SendMessage');
    this.#grantKey(grantee);
  }

  /**
   * Grants reading dead letters and moving them back. SQS moves them as the identity that starts the task, and has no
   * condition key for that: an identity that may redrive may also send requests as any sender.
   */
  grantRedrive(grantee: IGrantable & IConstruct): void {
    this.deadLetters.grant(
      grantee,
      'sqs:StartMessageMoveTask',
      'sqs:CancelMessageMoveTask',
      'sqs:ListMessageMoveTasks',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
    );
    this.undelivered.grant(grantee, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
    this.queue.grant(grantee, 'sqs:SendMessage', 'sqs:GetQueueAttributes');
    this.#grantKey(grantee);
  }

  #grantKey(grantee: IGrantable & IConstruct): void {
    grantKeyVia('sqs', { keyArn: this.#key?.keyArn, grantee, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] });
  }
}
