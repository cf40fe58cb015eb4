import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../../../infra/local/aws/aws.ts';
import type { AddressedQueue } from '../../../infra/local/aws/sqs/sqs.ts';
import { settingsFor } from '../../harness/aws-settings.ts';
import { manualClock } from '../../harness/manual-clock.ts';

let time: ReturnType<typeof manualClock>;
let aws: Aws;
let client: SQSClient;
let queue: AddressedQueue;
let deadLetters: AddressedQueue;
let QueueUrl: string;

beforeEach(async () => {
  time = manualClock();
  aws = await startAws({ clock: time.clock });
  client = new SQSClient(settingsFor(aws.endpoint));
  deadLetters = aws.sqs.createQueue({ name: 'dead-letters', visibilityTimeoutSeconds: 30 });
  const deadLetter = { queue: deadLetters, maxReceiveCount: 3 };
  queue = aws.sqs.createQueue({ name: 'a-queue', visibilityTimeoutSeconds: 30, deadLetter });
  QueueUrl = queue.url;
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

const receive = async (more: object = {}) => {
  const input = { QueueUrl, MessageSystemAttributeNames: ['All' as const], ...more };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
};

/** The handle of the next message. */
const handle = async (more: object = {}) => (await receive(more))[0]?.ReceiptHandle ?? '';

const bodies = async (more: object = {}) => (await receive(more)).map(({ Body }) => Body);

const change = (ReceiptHandle: string, VisibilityTimeout: number) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

const remove = (ReceiptHandle: string) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

const counts = async () => {
  const input = { QueueUrl, AttributeNames: ['All' as const] };
  const { Attributes } = await client.send(new GetQueueAttributesCommand(input));
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible];
};

describe('a received message', () => {
  it('is hidden until its visibility timeout is over, and then redelivered', async () => {
    queue.send({ body: 'one' });
    expect(await counts()).toEqual(['1', '0']);
    expect(await receive()).toMatchObject([{ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } }]);
    const first = String(time.clock.now());
    expect(await counts()).toEqual(['0', '1']);
    time.pass(29_999);
    expect(await receive()).toEqual([]);
    time.pass(1);
    expect(await receive()).toMatchObject([
      { Body: 'one', Attributes: { ApproximateReceiveCount: '2', ApproximateFirstReceiveTimestamp: first } },
    ]);
  });

  it('is hidden for the timeout of its receive', async () => {
    queue.send({ body: 'one' });
    expect(await bodies({ VisibilityTimeout: 5 })).toEqual(['one']);
    time.pass(5_000);
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['one']);
    expect(await bodies()).toEqual(['one']);
  });

  it('is hidden for longer or shorter after ChangeMessageVisibility', async () => {
    queue.send({ body: 'one' });
    await change(await handle(), 60);
    time.pass(59_999);
    expect(await bodies()).toEqual([]);
    time.pass(1);
    await change(await handle(), 0);
    expect(await bodies()).toEqual(['one']);
  });

  it('is not hidden for more than twelve hours from its receive', async () => {
    queue.send({ body: 'one' });
    const first = await handle({ VisibilityTimeout: 60 });
    await expect(change(first, 43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    time.pass(10_000);
    await expect(change(first, 43_200)).rejects.toThrow('beyond the limit [43200 seconds]');
    await change(first, 43_190);
  });

  it('is deleted, even after its timeout, if no other receive has begun', async () => {
    queue.send({ body: 'one' });
    const first = await handle();
    time.pass(30_000);
    await remove(first);
    expect(queue.messages()).toEqual([]);
    await remove(first);
  });

  it('is not changed by the handle of an earlier receive', async () => {
    queue.send({ body: 'one' });
    const first = await handle();
    time.pass(30_000);
    const second = await handle();
    expect(second).not.toBe(first);
    await expect(change(first, 0)).rejects.toThrow('not available for visibility timeout change');
    await remove(first);
    expect(await counts()).toEqual(['0', '1']);
    await remove(second);
    expect(await counts()).toEqual(['0', '0']);
  });

  it('is not hidden again once its timeout is over', async () => {
    queue.send({ body: 'one' });
    const first = await handle();
    time.pass(30_000);
    await expect(change(first, 60)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it.each(['nonsense', Buffer.from('a b c').toString('base64')])('is not found by the handle %s', async (made) => {
    await expect(remove(made)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    await expect(change(made, 1)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });
});

describe('a receive', () => {
  it('returns up to the requested number, oldest first, one by default', async () => {
    for (let number = 0; number < 12; number++) queue.send({ body: String(number) });
    expect(await bodies()).toEqual(['0']);
    expect(await bodies({ MaxNumberOfMessages: 10 })).toHaveLength(10);
    expect(await bodies({ MaxNumberOfMessages: 10 })).toEqual(['11']);
  });

  it('waits for a message that is sent meanwhile', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await expect.poll(time.waiting).toBe(1);
    queue.send({ body: 'one' });
    expect(await waiting).toEqual(['one']);
    expect(time.waiting()).toBe(0);
  });

  it('waits for a message that becomes visible meanwhile', async () => {
    queue.send({ body: 'one' });
    await receive({ VisibilityTimeout: 5 });
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await expect.poll(time.waiting).toBe(1);
    time.pass(5_000);
    expect(await waiting).toEqual(['one']);
  });

  it('returns nothing when its wait is over', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await expect.poll(time.waiting).toBe(1);
    time.pass(20_000);
    expect(await waiting).toEqual([]);
  });

  it('takes no message if its caller has disconnected', async () => {
    const caller = new AbortController();
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: caller.signal,
    });
    await expect.poll(time.waiting).toBe(1);
    caller.abort();
    await expect(waiting).rejects.toThrow();
    await expect.poll(time.waiting).toBe(0);
    queue.send({ body: 'one' });
    expect(await bodies()).toEqual(['one']);
  });

  it.each([
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: -1 },
  ])('is rejected with %j', async (more) => {
    await expect(receive(more)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});

describe('a message that was received too often', () => {
  const exhaust = async () => {
    for (let count = 1; count <= 3; count++) expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['one']);
  };

  it('goes to the dead-letter queue in place of another receive, with its id and age', async () => {
    const { id, sentAt } = queue.send({ body: 'one', attributes: { a: { DataType: 'String', StringValue: 'b' } } });
    await exhaust();
    expect(deadLetters.messages()).toEqual([]);
    time.pass(1_000);
    expect(await bodies()).toEqual([]);
    expect(await counts()).toEqual(['0', '0']);
    expect(await receive({ QueueUrl: deadLetters.url, MessageAttributeNames: ['All'] })).toMatchObject([
      {
        MessageId: id,
        MessageAttributes: { a: { StringValue: 'b' } },
        Attributes: { SentTimestamp: String(sentAt), DeadLetterQueueSourceArn: queue.arn },
      },
    ]);
  });

  it('does not prevent the receipt of younger messages', async () => {
    queue.send({ body: 'one' });
    await exhaust();
    queue.send({ body: 'two' });
    expect(await bodies()).toEqual(['two']);
  });
});

describe('a redrive', () => {
  const redrive = async (DestinationArn: string) => {
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetters.arn, DestinationArn }));
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetters.arn }));
    return Results?.[0];
  };

  it('sends dead letters to the destination queue, as new messages', async () => {
    const { id } = deadLetters.send({ body: 'one', attributes: { a: { DataType: 'String', StringValue: 'b' } } });
    expect(await redrive(queue.arn)).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
    expect(deadLetters.messages()).toEqual([]);
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ Body: 'one', MessageAttributes: { a: {} } });
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    expect(message?.MessageId).not.toBe(id);
  });

  it.each([
    () => ({ SourceArn: queue.arn, DestinationArn: deadLetters.arn }),
    () => ({ SourceArn: deadLetters.arn, DestinationArn: deadLetters.arn }),
    () => ({ SourceArn: deadLetters.arn, DestinationArn: `${queue.arn}-not` }),
  ])('is rejected with an invalid source or destination (%#)', async (input) => {
    await expect(client.send(new StartMessageMoveTaskCommand(input()))).rejects.toThrow();
  });
});
