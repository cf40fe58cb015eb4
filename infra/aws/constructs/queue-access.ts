import type { IRule } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { DeadLetteredQueue } from './dead-lettered-queue.ts';

export interface QueueAccess {
  /** The roles of the functions that send. */
  readonly senders: readonly IRole[];
  /** A rule that sends, too. */
  readonly rule?: IRule;
  /** The role of the function that receives. */
  readonly receiver: IRole;
  /** The operators' role that reads dead letters and moves them back. */
  readonly redrive: IRole;
}

/**
 * Denies sending to a queue and its dead-letter queue, and reading them, to all other identities, regardless of their own
 * policies: messages become requests, and contain bodies.
 */
export const restrictAccess = (
  { queue, deadLetters }: Pick<DeadLetteredQueue, 'queue' | 'deadLetters'>,
  { senders, rule, receiver, redrive }: QueueAccess,
): void => {
  deny(queue, 'OtherSenders', ['sqs:SendMessage'], {
    ArnNotEquals: {
      ...(rule && { 'aws:SourceArn': rule.ruleArn }),
      'aws:PrincipalArn': [...senders, redrive].map(({ roleArn }) => roleArn),
    },
  });
  // A redrive would make any message a request. SQS itself, which moves messages here, has no identity.
  deny(deadLetters, 'OtherSenders', ['sqs:SendMessage'], {
    Null: { 'aws:PrincipalArn': 'false' },
    ArnNotEquals: { 'aws:PrincipalArn': receiver.roleArn },
  });
  denyOtherReaders(queue, receiver);
  denyOtherReaders(deadLetters, redrive);
};

/** Denies reading a queue to all identities but one. */
export const denyOtherReaders = (queue: Queue, { roleArn }: IRole): void =>
  deny(queue, 'OtherReaders', readActions, { ArnNotEquals: { 'aws:PrincipalArn': roleArn } });

const readActions = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:StartMessageMoveTask',
  'sqs:CancelMessageMoveTask',
];

/** Denies actions on a queue to every identity that meets the conditions. */
const deny = (queue: Queue, sid: string, actions: string[], conditions: Record<string, object>): void => {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [queue.queueArn],
      conditions,
    }),
  );
};
