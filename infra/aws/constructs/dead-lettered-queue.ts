import { Duration, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { grantKeyVia } from './customer-key.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';

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
  /** Messages in one invocation. */
  readonly batchSize: number;
}

/** A queue and its dead-letter queue. */
export class DeadLetteredQueue extends Construct {
  readonly queue: Queue;
  /** Messages that could not be read or stayed unresolved; they can be redriven. */
  readonly deadLetters: Queue;
  /** What a further queue beside them has. */
  protected readonly common: QueueProps;
  readonly #key: IKey | undefined;
  readonly #batchSize: number;

  constructor(scope: Construct, id: string, { name, encryptionKey }: DeadLetteredQueueProps, limits: QueueLimits) {
    super(scope, id);
    this.#key = encryptionKey;
    this.#batchSize = limits.batchSize;
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

  /** Feeds a function, and grants it the actions of this mapping, and postponing and dead-lettering a message. */
  feed(scope: Construct, receiver: ProvisionerFunction, maxConcurrency: number): EventSourceMapping {
    this.queue.grant(receiver, ...reading, 'sqs:ChangeMessageVisibility');
    this.deadLetters.grant(receiver, 'sqs:SendMessage');
    this.#grantKey(receiver);
    const mapping = new EventSourceMapping(scope, 'Mapping', {
      target: receiver.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: this.#batchSize,
      reportBatchItemFailures: true,
      // Limits the load on PingOne; reserved concurrency would throttle, and each throttled receive counts.
      maxConcurrency,
    });
    // Lambda checks at the mapping's creation whether the function may read the queue.
    mapping.node.addDependency(receiver.role);
    return mapping;
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
