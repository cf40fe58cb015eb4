import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { deployQueue } from '../../deployment.ts';
import { DeadLetteredQueue, type DeadLetteredQueueProps } from './dead-lettered-queue.ts';
import type { ProvisionerFunction } from './provisioner-function.ts';
import { deny, readActions, send } from './request-queue-access.ts';

export interface PendingDeploymentQueueUsers {
  /** Create, and so add pending deployments. */
  readonly senders: readonly ProvisionerFunction[];
  /** Deploys. */
  readonly receiver: ProvisionerFunction<'deploy-queue'>;
  /** The operators' role that reads dead letters and moves them back. */
  readonly redrive: Role;
}

/**
 * The queue of pending deployments, and its dead-letter queue. A queue of its own: a deployment takes up to 45 s, which
 * must not delay creates, and its function needs no right to create requests.
 */
export class PendingDeploymentQueue extends DeadLetteredQueue {
  constructor(scope: Construct, id: string, props: DeadLetteredQueueProps) {
    super(scope, id, props, { ...deployQueue, retentionDays: 14 });
  }

  /** Lets exactly these send, receive and redrive; returns the mapping that feeds the receiver. */
  serve({ senders, receiver, redrive }: PendingDeploymentQueueUsers, maxConcurrency: number): EventSourceMapping {
    for (const sender of senders) this.grantSend(sender);
    this.grantProcess(receiver);
    this.grantRedrive(redrive);

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
