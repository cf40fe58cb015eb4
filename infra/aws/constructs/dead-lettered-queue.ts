import { Duration, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { grantKeyVia } from './customer-key.ts';

export interface DeadLetteredQueueProps {
  /** The queue's name, unique in account and region, of at most 80 characters. */
  readonly name: string;
  /** Encrypts all of its queues; by default SQS's own key. */
  readonly encryptionKey: IKey | undefined;
}

export interface QueueLimits {
  readonly maxReceiveCount: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionDays: number;
}

/** A queue and its dead-letter queue. */
export class DeadLetteredQueue extends Construct {
  readonly queue: Queue;
  /** Messages that could not be read or stayed unresolved; they can be redriven. */
  readonly deadLetters: Queue;
  /** What a further queue beside them has. */
  protected readonly common: QueueProps;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { name, encryptionKey }: DeadLetteredQueueProps, limits: QueueLimits) {
    super(scope, id);
    this.#key = encryptionKey;
    const encrypted = {
      enforceSSL: true,
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      retentionPeriod: Duration.days(14),
    };
    // SQS moves a message from a queue to its dead-letter queue without the policy of that queue.
    this.common = { ...encrypted, redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL } };
    // By its name: the queue refers to this one, and a template allows no cycle.
    const source = Queue.fromQueueArn(this, 'Source', Stack.of(this).formatArn({ service: 'sqs', resource: name }));
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...encrypted,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueues: [source] },
    });
    this.queue = new Queue(this, 'Queue', {
      ...this.common,
      queueName: name,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: limits.maxReceiveCount },
      retentionPeriod: Duration.days(limits.retentionDays),
      visibilityTimeout: Duration.seconds(limits.visibilityTimeoutSeconds),
    });
  }

  grantSend(grantee: IGrantable & IConstruct): void {
    this.queue.grant(grantee, 'sqs:SendMessage');
    this.#grantKey(grantee);
  }

  /** Grants a function the actions of its event source mapping, and postponing and dead-lettering a message. */
  grantProcess(grantee: IGrantable & IConstruct): void {
    this.queue.grant(grantee, ...reading, 'sqs:ChangeMessageVisibility');
    this.deadLetters.grant(grantee, 'sqs:SendMessage');
    this.#grantKey(grantee);
  }

  /**
   * Grants reading dead letters and moving them back. SQS moves them as the identity that starts the task, and has no
   * condition key for that: an identity that may redrive may also send messages as any sender.
   */
  grantRedrive(grantee: IGrantable & IConstruct): void {
    const moving = ['sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks'];
    this.deadLetters.grant(grantee, ...moving, ...reading);
    this.queue.grant(grantee, 'sqs:SendMessage', 'sqs:GetQueueAttributes');
    this.#grantKey(grantee);
  }

  #grantKey(grantee: IGrantable & IConstruct): void {
    grantKeyVia('sqs', { keyArn: this.#key?.keyArn, grantee, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] });
  }
}

/** The actions that read a queue. */
export const reading = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
