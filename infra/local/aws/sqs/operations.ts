import type * as z from 'zod/mini';
import { type Operation, operation } from '../service.ts';
import { md5Of } from './message.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Queue } from './queue.ts';
import { describeQueue } from './queue-attributes.ts';
import { describeReceived } from './received.ts';
import * as requests from './requests.ts';

interface SqsParts {
  readonly moveTasks: MoveTasks;
  /** @throws AwsError */
  queueAt(url: string): Queue;
  now(): number;
}

/** The operations of SQS that functions, operator tools and the runbook call. */
export const sqsOperations = ({ moveTasks, queueAt, now }: SqsParts): Readonly<Record<string, Operation>> => ({
  SendMessage: on(requests.sendMessage, ({ QueueUrl, MessageBody, MessageAttributes, DelaySeconds }) => {
    const { id } = queueAt(QueueUrl).send({ body: MessageBody, attributes: MessageAttributes }, DelaySeconds);
    return { MessageId: id, MD5OfMessageBody: md5Of(MessageBody) };
  }),

  ReceiveMessage: on(requests.receiveMessage, async (input, { over }) => {
    const messages = await queueAt(input.QueueUrl).receive({
      max: input.MaxNumberOfMessages,
      visibilityTimeoutSeconds: input.VisibilityTimeout,
      waitSeconds: input.WaitTimeSeconds,
      signal: over,
    });
    const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
    const Messages = messages.map((each) => describeReceived(each, { system, own: input.MessageAttributeNames }));
    return Messages.length > 0 ? { Messages } : {};
  }),

  DeleteMessage: on(requests.deleteMessage, ({ QueueUrl, ReceiptHandle }) => {
    queueAt(QueueUrl).delete(ReceiptHandle);
    return {};
  }),

  ChangeMessageVisibility: on(requests.changeMessageVisibility, ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
    queueAt(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
    return {};
  }),

  GetQueueAttributes: on(requests.getQueueAttributes, ({ QueueUrl, AttributeNames }) => ({
    Attributes: describeQueue(queueAt(QueueUrl), AttributeNames, now()),
  })),

  StartMessageMoveTask: on(requests.startMessageMoveTask, ({ SourceArn, DestinationArn }) =>
    moveTasks.start(SourceArn, DestinationArn),
  ),

  ListMessageMoveTasks: on(requests.listMessageMoveTasks, ({ SourceArn }) => moveTasks.list(SourceArn)),
});

const on = <Schema extends z.core.$ZodType>(schema: Schema, run: Parameters<typeof operation<Schema>>[2]): Operation =>
  operation(schema, requests.refuse, run);
