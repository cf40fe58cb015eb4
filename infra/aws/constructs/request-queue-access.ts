import type { IRule } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { RequestQueue } from './request-queue.ts';

export interface RequestQueueAccess {
  readonly rule: IRule;
  /** The roles of the functions that accept requests. */
  readonly accepting: readonly IRole[];
  /** The role of the endpoint's queue function. */
  readonly queue: IRole;
  readonly redrive: IRole;
}

/**
 * Denies sending to an endpoint's queues, and reading them, to all other identities, regardless of their own policies:
 * messages become requests, and contain bodies.
 */
export const restrictAccess = (
  requests: RequestQueue,
  { rule, accepting, queue, redrive }: RequestQueueAccess,
): void => {
  deny(requests.queue, 'OtherSenders', send, {
    ArnNotEquals: {
      'aws:SourceArn': rule.ruleArn,
      'aws:PrincipalArn': [...accepting, redrive].map(({ roleArn }) => roleArn),
    },
  });
  // A redrive would make any message a request. SQS itself, which moves messages here, has no identity.
  deny(requests.deadLetters, 'OtherSenders', send, {
    Null: { 'aws:PrincipalArn': 'false' },
    ArnNotEquals: { 'aws:PrincipalArn': queue.roleArn },
  });
  const readers = [
    [requests.queue, queue],
    [requests.deadLetters, redrive],
    [requests.undelivered, redrive],
  ] as const;
  for (const [read, { roleArn }] of readers)
    deny(read, 'OtherReaders', readActions, { ArnNotEquals: { 'aws:PrincipalArn': roleArn } });
};

export const send = ['sqs:SendMessage'];

export const readActions = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:StartMessageMoveTask',
  'sqs:CancelMessageMoveTask',
];

/** Denies actions on a queue to every identity that meets the conditions. */
export const deny = (queue: Queue, sid: string, actions: string[], conditions: Record<string, object>): void => {
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
