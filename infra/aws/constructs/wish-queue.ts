import { Duration, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deployQueue } from '../../deployment.ts';
import { grantKeyVia } from './customer-key.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';
import { deny, readActions, send } from './request-queue-access.ts';

export interface WishQueueProps {
  /** The queue's name, which the dead-letter queue's policy refers to. */
  readonly name: string;
  /** Encrypts both queues; by default SQS's own key. */
  readonly encryptionKey: IKey | undefined;
}

export interface WishQueueUsers {
  /** Create, and so wish for deployments. */
  readonly senders: readonly ProvisionerFunction[];
  /** Deploys. */
  readonly receiver: ProvisionerFunction<'deploy-queue'>;
  /** The operators' role that reads dead letters and moves them back. */
  readonly redrive: Role;
}

/**
 * The queue of wishes for a deployment, and its dead-letter queue. A queue of its own: a deployment takes up to 45 s, which
 * must not delay creates, and its function needs no right to create requests.
 */
export class WishQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { name, encryptionKey }: WishQueueProps) {
    super(scope, id);
    this.#key = encryptionKey;
    const common = {
      enforceSSL: true,
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      retentionPeriod: Duration.days(14),
    };
    // By its name: the queue refers to this one, and a template allows no cycle.
    const source = Queue.fromQueueArn(this, 'Source', Stack.of(this).formatArn({ service: 'sqs', resource: name }));
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...common,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueues: [source] },
    });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName: name,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: deployQueue.maxReceiveCount },
      visibilityTimeout: Duration.seconds(deployQueue.visibilityTimeoutSeconds),
    });
  }

  /** Lets exactly these send, receive and redrive; returns the mapping that feeds the receiver. */
  serve({ senders, receiver, redrive }: WishQueueUsers, maxConcurrency: number): EventSourceMapping {
    const keyActions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    for (const sender of senders) {
      this.queue.grant(sender, 'sqs:SendMessage');
      grantKeyVia('sqs', { keyArn: this.#key?.keyArn, grantee: sender, actions: keyActions });
    }
    const reading = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    this.queue.grant(receiver, ...reading, 'sqs:ChangeMessageVisibility');
    this.deadLetters.grant(receiver, 'sqs:SendMessage');
    const moving = ['sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks'];
    this.deadLetters.grant(redrive, ...reading, ...moving);
    this.queue.grant(redrive, 'sqs:SendMessage', 'sqs:GetQueueAttributes');
    grantKeyVia('sqs', { keyArn: this.#key?.keyArn, grantee: redrive, actions: keyActions });
    grantKeyVia('sqs', { keyArn: this.#key?.keyArn, grantee: receiver, actions: keyActions });

    const roles = [...senders.map(({ role }) => role.roleArn), redrive.roleArn];
    deny(this.queue, 'OtherSenders', send, { ArnNotEquals: { 'aws:PrincipalArn': roles } });
    deny(this.queue, 'OtherReaders', readActions, { ArnNotEquals: { 'aws:PrincipalArn': receiver.role.roleArn } });
    // SQS itself, which moves messages here, has no identity.
    deny(this.deadLetters, 'OtherSenders', send, {
      Null: { 'aws:PrincipalArn': 'false' },
      ArnNotEquals: { 'aws:PrincipalArn': receiver.role.roleArn },
    });
    deny(this.deadLetters, 'OtherReaders', readActions, { ArnNotEquals: { 'aws:PrincipalArn': redrive.roleArn } });

    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: receiver.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: deployQueue.batchSize,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
    // Lambda checks at the mapping's creation whether the function may read the queue.
    mapping.node.addDependency(receiver.role);
    return mapping;
  }
}
