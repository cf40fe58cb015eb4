import type { Operation } from '../service.ts';
import { checkBatch, checkBatchSize, eachEntry } from './batches.ts';
import { md5Of } from './message.ts';
import { md5OfAttributes } from './message-attributes.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Queue } from './queue.ts';
import { describeQueue } from './queue-attributes.ts';
import { describeReceived } from './received.ts';
import * as requests from './requests.ts';

const { parse } = requests;

export interface Queues {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly moveTasks: MoveTasks;
  at(url: string): Queue;
  named(name: string): Queue;
  urlOf(queue: Queue): string;
  now(): number;
}

/** The operations of SQS by name. */
export const sqsOperations = ({ queues, moveTasks, at, named, urlOf, now }: Queues): ReadonlyMap<string, Operation> => {
  const queueOf = (input: unknown): Queue => at(parse(requests.queueUrl, input).QueueUrl);

  const each =
    (act: (queue: Queue, entry: unknown) => object): Operation =>
    (input) => {
      const { QueueUrl, Entries } = parse(requests.batch, input);
      const queue = at(QueueUrl);
      checkBatch(Entries);
      return eachEntry(Entries, (entry) => act(queue, entry));
    };

  const sendEach = each(send);

  return new Map<string, Operation>([
    ['SendMessage', (input) => send(queueOf(input), input)],
    ['DeleteMessage', (input) => remove(queueOf(input), input)],
    ['ChangeMessageVisibility', (input) => changeVisibility(queueOf(input), input)],
    ['DeleteMessageBatch', each(remove)],
    ['ChangeMessageVisibilityBatch', each(changeVisibility)],
    [
      'SendMessageBatch',
      (input, arrival) => {
        checkBatchSize(parse(requests.batch, input).Entries.map(requests.contentOf));
        return sendEach(input, arrival);
      },
    ],
    [
      'ReceiveMessage',
      async (input, { over }) => {
        const asked = parse(requests.receive, input);
        const messages = await at(asked.QueueUrl).receive({
          max: asked.MaxNumberOfMessages,
          visibilityTimeoutSeconds: asked.VisibilityTimeout,
          waitSeconds: asked.WaitTimeSeconds,
          signal: over,
        });
        const system = [...asked.AttributeNames, ...asked.MessageSystemAttributeNames];
        const Messages = messages.map((each) => describeReceived(each, { system, own: asked.MessageAttributeNames }));
        return Messages.length > 0 ? { Messages } : {};
      },
    ],
    [
      'GetQueueAttributes',
      (input) => {
        const Attributes = describeQueue(queueOf(input), parse(requests.queueAttributes, input).AttributeNames, now());
        return Object.keys(Attributes).length > 0 ? { Attributes } : {};
      },
    ],
    ['GetQueueUrl', (input) => ({ QueueUrl: urlOf(named(parse(requests.queueName, input).QueueName)) })],
    [
      'ListQueues',
      (input) => {
        const { QueueNamePrefix } = parse(requests.queueList, input);
        return { QueueUrls: [...queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix)).map(urlOf) };
      },
    ],
    [
      'PurgeQueue',
      (input) => {
        const queue = queueOf(input);
        for (const message of queue.messages()) queue.remove(message);
        return {};
      },
    ],
    [
      'StartMessageMoveTask',
      (input) => {
        const { SourceArn, DestinationArn } = parse(requests.moveTask, input);
        return moveTasks.start(SourceArn, DestinationArn);
      },
    ],
    ['ListMessageMoveTasks', (input) => moveTasks.list(parse(requests.moveTaskList, input).SourceArn)],
  ]);
};

const send = (queue: Queue, input: unknown) => {
  const content = requests.contentOf(input);
  const { id } = queue.send(content, requests.delayOf(input));
  const md5 = md5OfAttributes(content.attributes);
  return {
    MessageId: id,
    MD5OfMessageBody: md5Of(content.body),
    ...(md5 !== undefined && { MD5OfMessageAttributes: md5 }),
  };
};

const remove = (queue: Queue, input: unknown) => {
  queue.delete(parse(requests.receipt, input).ReceiptHandle);
  return {};
};

const changeVisibility = (queue: Queue, input: unknown) => {
  const { ReceiptHandle, VisibilityTimeout } = parse(requests.visibility, input);
  queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
  return {};
};
