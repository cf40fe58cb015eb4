import { fileURLToPath } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createQueue, type Queue } from '../../../infra/local/aws/sqs/queue.ts';
import { type EventSourceOptions, startEventSource } from '../../../infra/local/lambda/event-source/event-source.ts';
import { createFunction } from '../../../infra/local/lambda/function.ts';
import { manualClock } from '../../harness/manual-clock.ts';

let time: ReturnType<typeof manualClock>;
let queue: Queue;
let deadLetters: Queue;
/** The function's behaviour, and its received events. */
let invoke: EventSourceOptions['invoke'];
let batches: string[][];
let source: ReturnType<typeof startEventSource>;

const start = (options: Partial<EventSourceOptions> = {}) => {
  source = startEventSource({
    queue,
    invoke: (event) => {
      batches.push(event.Records.map(({ body }) => body));
      return invoke(event);
    },
    ...options,
  });
};

beforeEach(() => {
  time = manualClock();
  batches = [];
  invoke = async () => undefined;
  deadLetters = createQueue(time.clock, { name: 'dead-letters', visibilityTimeoutSeconds: 30 });
  const deadLetter = { queue: deadLetters, maxReceiveCount: 2 };
  queue = createQueue(time.clock, { name: 'a-queue', visibilityTimeoutSeconds: 30, deadLetter });
});

afterEach(() => source.close());

const send = (...bodies: string[]) => bodies.map((body) => queue.send({ body }).id);

const left = () => queue.messages().map(({ body }) => body);

/** Runs all pending work that needs no timer. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('an event source', () => {
  it("passes Lambda's records to a function", async () => {
    let got: SQSEvent | undefined;
    invoke = async (event) => {
      got = event;
    };
    const attributes = { a: { DataType: 'String', StringValue: 'b' } };
    const { id } = queue.send({ body: 'one', attributes });
    start();
    await expect.poll(left).toEqual([]);
    const now = String(time.clock.now());
    const lists = { stringListValues: [], binaryListValues: [] };
    expect(got).toEqual({
      Records: [
        {
          messageId: id,
          receiptHandle: expect.any(String),
          body: 'one',
          attributes: {
            ApproximateReceiveCount: '1',
            ApproximateFirstReceiveTimestamp: now,
            SentTimestamp: now,
            SenderId: '000000000000',
          },
          messageAttributes: {
            a: { stringValue: 'b', dataType: 'String', ...lists },
          },
          md5OfBody: 'f97c5d29941bfb1b2fdab0874906ab82',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:a-queue',
          awsRegion: 'us-east-1',
        },
      ],
    });
  });

  it('passes ten messages at a time, and later ones at once', async () => {
    send(...Array.from({ length: 25 }, (_, number) => String(number)));
    start();
    await expect.poll(left).toEqual([]);
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 5]);
    send('later');
    await expect.poll(left).toEqual([]);
    expect(batches.at(-1)).toEqual(['later']);
  });

  it('respects its maximum concurrency', async () => {
    const running: (() => void)[] = [];
    invoke = () => new Promise<void>((resolve) => running.push(resolve));
    send('a', 'b', 'c', 'd');
    start({ batchSize: 1, maximumConcurrency: 3 });
    await settle();
    expect(batches).toEqual([['a'], ['b'], ['c']]);
    running[1]?.();
    await settle();
    expect(batches).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(left()).toEqual(['a', 'c', 'd']);
  });

  it('respects the maximum payload of an invocation', async () => {
    const large = 'x'.repeat(1_000_000);
    send(...Array.from({ length: 10 }, () => large));
    start();
    await expect.poll(left).toEqual([]);
    expect(batches.map(({ length }) => length)).toEqual([6, 4]);
  });

  it('keeps no timer while its queue is empty', async () => {
    start();
    await settle();
    expect(time.waiting()).toBe(0);
  });

  it('stops when it is closed, and then deletes nothing', async () => {
    let finish = () => {};
    invoke = () => new Promise<void>((resolve) => (finish = resolve));
    send('one');
    start();
    await expect.poll(() => batches).toHaveLength(1);
    await source.close();
    finish();
    send('two');
    await settle();
    expect(left()).toEqual(['one', 'two']);
    expect(batches).toEqual([['one']]);
  });
});

describe('a batch', () => {
  it.each([undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }, { statusCode: 200 }])(
    'is deleted when the function answers %j',
    async (answer) => {
      invoke = async () => answer;
      send('one', 'two');
      start();
      await expect.poll(left).toEqual([]);
    },
  );

  it('loses its successful messages; the failed ones are redelivered after their timeout', async () => {
    const [one] = send('one', 'two');
    invoke = async () => ({ batchItemFailures: [{ itemIdentifier: one }] });
    start();
    await expect.poll(left).toEqual(['one']);
    invoke = async () => undefined;
    time.pass(29_999);
    await settle();
    expect(batches).toEqual([['one', 'two']]);
    time.pass(1);
    await expect.poll(left).toEqual([]);
    expect(batches).toEqual([['one', 'two'], ['one']]);
  });

  it('has failed messages redelivered at the visibility timeout that the function set', async () => {
    const [one] = send('one', 'two');
    invoke = async ({ Records: [first] }) => {
      queue.changeVisibility(first?.receiptHandle ?? '', 7);
      return { batchItemFailures: [{ itemIdentifier: one }] };
    };
    start();
    await expect.poll(left).toEqual(['one']);
    invoke = async () => undefined;
    time.pass(7_000);
    await expect.poll(left).toEqual([]);
  });

  it.each([
    ['an id that is not of this batch', { batchItemFailures: [{ itemIdentifier: 'another' }] }],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['no id', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a wrong name', { batchItemFailures: [{ id: 'one' }] }],
    ['no list', { batchItemFailures: 'one' }],
    ['a text', 'done'],
  ])('fails as a whole if the function answers with %s', async (_, answer) => {
    invoke = async () => answer;
    send('one', 'two');
    start();
    await expect.poll(() => batches).toHaveLength(1);
    await settle();
    expect(left()).toEqual(['one', 'two']);
    time.pass(30_000);
    await expect.poll(() => batches).toHaveLength(2);
  });

  it('fails as a whole if the function throws, until it becomes a dead letter', async () => {
    invoke = () => Promise.reject(new Error('broken'));
    send('one', 'two');
    start();
    for (let count = 1; count <= 2; count++) {
      await expect.poll(() => batches).toHaveLength(count);
      time.pass(30_000);
    }
    await expect.poll(left).toEqual([]);
    expect(deadLetters.messages()).toMatchObject([
      { body: 'one', receiveCount: 2 },
      { body: 'two', receiveCount: 2 },
    ]);
    expect(batches).toHaveLength(2);
  });

  it.each(['killed', 'given up in time'])('fails as a whole if its function is %s', async (how) => {
    const bundle = fileURLToPath(new URL('./handlers/lambda.ts', import.meta.url));
    const limits = { timeoutSeconds: how === 'killed' ? 60 : 0.05, memoryMB: 512 };
    const lambda = createFunction({ name: 'the-function', bundle, environment: { AWS_REGION: 'us-east-1' }, limits });
    let ended = false;
    invoke = (event) => {
      const invocation = lambda.invoke({ ...event, act: 'hang' });
      if (how === 'killed') void lambda.kill();
      return invocation.finally(() => {
        ended = true;
      });
    };
    send('one', 'two');
    start();
    await expect.poll(() => ended, { timeout: 5_000 }).toBe(true);
    await settle();
    expect(left()).toEqual(['one', 'two']);
    await source.close();
    await lambda.close();
  });

  it('that is redelivered during an invocation is not deleted by that invocation', async () => {
    const finishing: (() => void)[] = [];
    invoke = () => new Promise<void>((resolve) => finishing.push(resolve));
    send('one');
    start();
    await expect.poll(() => batches).toHaveLength(1);
    time.pass(30_000);
    await expect.poll(() => batches).toHaveLength(2);
    finishing[0]?.();
    await settle();
    expect(left()).toEqual(['one']);
    finishing[1]?.();
    await expect.poll(left).toEqual([]);
  });
});
