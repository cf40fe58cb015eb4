import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../../../infra/local/aws/aws.ts';
import type { AddressedQueue } from '../../../infra/local/aws/sqs/sqs.ts';
import { settingsFor } from '../../harness/aws-settings.ts';
import { manualClock } from '../../harness/manual-clock.ts';

const mebibyte = 1_048_576;

let time: ReturnType<typeof manualClock>;
let aws: Aws;
let client: SQSClient;
let queue: AddressedQueue;
let QueueUrl: string;

beforeEach(async () => {
  time = manualClock();
  aws = await startAws({ clock: time.clock });
  client = new SQSClient(settingsFor(aws.endpoint));
  queue = aws.sqs.createQueue({ name: 'a-queue', visibilityTimeoutSeconds: 30 });
  QueueUrl = queue.url;
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

const send = (MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

describe('a sent message', () => {
  it('is received with its attributes and the checksum of its body, which the SDK verifies', async () => {
    const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
    const sent = await send('the body, é', { MessageAttributes });
    const input = { QueueUrl, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] };
    const { Messages } = await client.send(new ReceiveMessageCommand(input));
    const now = String(time.clock.now());
    expect(Messages).toMatchObject([
      {
        MessageId: sent.MessageId,
        Body: 'the body, é',
        MD5OfBody: sent.MD5OfMessageBody,
        MessageAttributes,
        Attributes: { ApproximateReceiveCount: '1', SentTimestamp: now, ApproximateFirstReceiveTimestamp: now },
      },
    ]);
  });

  it('shows only the requested attributes', async () => {
    await send('one', { MessageAttributes: { one: text('1'), two: text('2') } });
    const receive = async (more: object) => {
      const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, ...more }));
      return Messages?.[0];
    };
    expect(await receive({})).not.toHaveProperty('Attributes');
    expect(await receive({})).not.toHaveProperty('MessageAttributes');
    const some = await receive({ MessageAttributeNames: ['two'], AttributeNames: ['SentTimestamp'] });
    expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['two']);
    expect(Object.keys(some?.Attributes ?? {})).toEqual(['SentTimestamp']);
  });

  it('waits for its delay', async () => {
    await send('later', { DelaySeconds: 10 });
    const receive = async () => (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body;
    expect(await receive()).toBeUndefined();
    const input = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed' as const] };
    const { Attributes } = await client.send(new GetQueueAttributesCommand(input));
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesDelayed: '1' });
    time.pass(10_000);
    expect(await receive()).toBe('later');
  });

  it('may have one mebibyte, attributes included, and not a byte more', async () => {
    // Name, type and value.
    const MessageAttributes = { abc: text('12345') };
    const body = 'x'.repeat(mebibyte - 3 - 6 - 5);
    await send(body, { MessageAttributes });
    await expect(send(`${body}x`, { MessageAttributes })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
    await expect(send('é'.repeat(mebibyte / 2 + 1))).rejects.toThrow('shorter than');
  });

  it.each([
    ['', {}, 'MissingParameter'],
    ['\u0000', {}, 'InvalidMessageContents'],
    ['\u001F', {}, 'InvalidMessageContents'],
    ['\uFFFE', {}, 'InvalidMessageContents'],
    ['\uFFFF', {}, 'InvalidMessageContents'],
    ['a', { MessageAttributes: { a: text('\uFFFF') } }, 'InvalidMessageContents'],
    ['a', { DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['a', { MessageAttributes: { a: text('') } }, 'InvalidParameterValue'],
  ])('is rejected: %j, %j', async (body, more, name) => {
    await expect(send(body, more)).rejects.toMatchObject({ name });
    expect(queue.messages()).toEqual([]);
  });
});

it.each(['\t\n\r \u007F\uD7FF\uE000\uFFFD', '\u{10000}\u{10FFFF}'])('a message of %j is accepted', async (body) => {
  await send(body, { MessageAttributes: { a: text(body) } });
  expect(queue.messages()).toMatchObject([{ body }]);
});

describe('a message whose answer is lost', () => {
  it("is in the queue twice after the SDK's retry", async () => {
    let left = 1;
    const own = await startAws({
      intercept: async (moment) => (moment === 'after' && left-- > 0 ? 'reset' : undefined),
    });
    const { url, messages } = own.sqs.createQueue({ name: 'a-queue', visibilityTimeoutSeconds: 30 });
    const patient = new SQSClient({ ...settingsFor(own.endpoint), maxAttempts: 2 });
    await patient.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));
    expect(messages().map(({ body }) => body)).toEqual(['one', 'one']);
    patient.destroy();
    await own.close();
  });
});

describe('a queue', () => {
  it('has a URL that the SDK follows', async () => {
    expect(QueueUrl).toBe(`${aws.endpoint}/000000000000/a-queue`);
    const quiet = () => {};
    const silent = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
    const { endpoint: _, ...withoutEndpoint } = settingsFor('');
    const follower = new SQSClient({ ...withoutEndpoint, logger: silent });
    await follower.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
    follower.destroy();
    expect(queue.messages()).toHaveLength(1);
  });

  it.each([() => `${aws.endpoint}/000000000000/none`, () => 'none'])(
    'that does not exist is an error with both of its names (%#)',
    async (url) => {
      await expect(client.send(new GetQueueAttributesCommand({ QueueUrl: url() }))).rejects.toMatchObject({
        name: 'QueueDoesNotExist',
        Code: 'AWS.SimpleQueueService.NonExistentQueue',
        message: 'The specified queue does not exist.',
      });
    },
  );

  it('has attributes', async () => {
    const maxReceiveCount = 3;
    const deadLetter = { queue, maxReceiveCount };
    const { url } = aws.sqs.createQueue({ name: 'other', visibilityTimeoutSeconds: 45, deadLetter });
    const describe = async (...AttributeNames: ('All' | 'QueueArn')[]) =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }))).Attributes;
    expect(await describe('QueueArn')).toEqual({ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:other' });
    expect(await describe()).toBeUndefined();
    const all = await describe('All');
    expect(all).toMatchObject({ VisibilityTimeout: '45', ApproximateNumberOfMessages: '0' });
    expect(JSON.parse(all?.RedrivePolicy ?? '')).toEqual({ deadLetterTargetArn: queue.arn, maxReceiveCount });
  });
});
