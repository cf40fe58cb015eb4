import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../../../infra/local/aws/aws.ts';
import type { BusEvent } from '../../../infra/local/aws/event-bridge/event.ts';
import type { EventPattern } from '../../../infra/local/aws/event-bridge/pattern.ts';
import type { AddressedQueue } from '../../../infra/local/aws/sqs/sqs.ts';
import { settingsFor } from '../../harness/aws-settings.ts';
import { nestedArrays } from '../../harness/hostile-input.ts';
import { manualClock } from '../../harness/manual-clock.ts';

const mebibyte = 1_048_576;
const EventBusName = 'a-bus';

let aws: Aws;
let client: EventBridgeClient;
let queue: AddressedQueue;
let seen: BusEvent[];

beforeEach(async () => {
  seen = [];
  aws = await startAws({ clock: manualClock().clock });
  client = new EventBridgeClient(settingsFor(aws.endpoint));
  queue = aws.sqs.createQueue({ name: 'a-queue', visibilityTimeoutSeconds: 30 });
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

const entry: PutEventsRequestEntry = { EventBusName, Source: 'a.source', DetailType: 'AType', Detail: '{"a":1}' };

const put = (...changes: Partial<PutEventsRequestEntry>[]) =>
  client.send(new PutEventsCommand({ Entries: changes.map((change) => ({ ...entry, ...change })) }));

const addRule = (pattern: EventPattern) =>
  aws.events.addRule({ bus: EventBusName, pattern, target: (event) => seen.push(event) });

const nested = (depth: number) => `{"a":${nestedArrays(depth - 1)}}`;

describe('an event that is put', () => {
  it('reaches a queue in its envelope, with its detail unchanged', async () => {
    aws.events.addRule({ bus: EventBusName, pattern: {}, target: queue });
    const Detail = '{ "a": 1.0, "a": 12345678901234567890, "[": "{\\"" }';
    const { Entries, FailedEntryCount } = await put({ Detail, Resources: ['arn:x'], Time: new Date('2030-05-06') });
    expect(FailedEntryCount).toBe(0);
    const [message] = queue.messages();
    expect(message?.body).toContain(`"detail":${Detail}}`);
    expect(JSON.parse(message?.body ?? '')).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'AType',
      source: 'a.source',
      account: '000000000000',
      time: '2030-05-06T00:00:00Z',
      region: 'us-east-1',
      resources: ['arn:x'],
      detail: JSON.parse(Detail),
    });
  });

  it('reaches a function, with the current time and a new id', async () => {
    addRule({});
    await put({}, {});
    expect(seen).toMatchObject([{ time: '2030-01-02T03:04:05Z', detail: { a: 1 } }, {}]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    [{}, true],
    [{ source: ['a.source', 'another'] }, true],
    [{ source: ['another'] }, false],
    [{ source: ['a.sourc'] }, false],
    [{ source: { 'anything-but': ['another'] } }, true],
    [{ source: { 'anything-but': ['a.source'] } }, false],
    [{ 'detail-type': ['AType'] }, true],
    [{ 'detail-type': ['atype'] }, false],
    [{ source: ['another'], 'detail-type': ['AType'] }, false],
  ])('matches %j: %j', async (pattern, matched) => {
    addRule(pattern);
    await put({});
    expect(seen).toHaveLength(matched ? 1 : 0);
  });

  it('on another bus is not delivered', async () => {
    addRule({});
    await put({ EventBusName: 'default' }, { EventBusName: undefined });
    expect(seen).toEqual([]);
  });

  it('finds its bus by ARN, too', async () => {
    addRule({});
    await put({ EventBusName: `arn:aws:events:us-east-1:000000000000:event-bus/${EventBusName}` });
    expect(seen).toHaveLength(1);
  });

  it('is accepted and lost if its bus does not exist', async () => {
    expect(await put({ EventBusName: 'none' })).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
    });
  });
});

describe('an entry that EventBridge rejects', () => {
  const required = (name: string) => `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;

  it.each([
    [{ Source: undefined }, 'InvalidArgument', required('Source')],
    [{ DetailType: '' }, 'InvalidArgument', required('DetailType')],
    [{ Detail: undefined }, 'InvalidArgument', required('Detail')],
    [{ Detail: 'text' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: '[]' }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: nested(1_001) }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Detail: nested(500_000) }, 'MalformedDetail', 'Detail is malformed.'],
    [{ Source: 'aws.s3' }, 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
  ])('fails alone (%#)', async (change, ErrorCode, ErrorMessage) => {
    addRule({});
    expect(await put({}, change, { Detail: nested(1_000) })).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode, ErrorMessage }, { EventId: expect.any(String) }],
    });
    expect(seen).toHaveLength(2);
  });
});

describe('a request to EventBridge', () => {
  it('has one to ten entries', async () => {
    const entries = Array.from({ length: 11 }, () => ({}));
    await expect(put(...entries)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await put(...entries.slice(1))).Entries).toHaveLength(10);
  });

  it('may have one mebibyte in all its entries together', async () => {
    addRule({});
    const rest = 'a.source'.length + 'AType'.length + '{"a":""}'.length;
    const filled = (bytes: number) => ({ Detail: `{"a":"${'x'.repeat(bytes - rest)}"}` });
    expect(await put(filled(mebibyte))).toMatchObject({ FailedEntryCount: 0 });
    expect(await put(filled(mebibyte / 2), filled(mebibyte / 2))).toMatchObject({ FailedEntryCount: 0 });
    expect(seen).toHaveLength(3);
    const tooMuch = 'Total size of the entries in the request is over the limit.';
    await expect(put(filled(mebibyte + 1))).rejects.toMatchObject({ name: 'ValidationException', message: tooMuch });
    await expect(put(filled(mebibyte / 2), filled(mebibyte / 2 + 1))).rejects.toThrow(tooMuch);
  });

  it('succeeds even if its envelope makes an event too large for its queue', async () => {
    aws.events.addRule({ bus: EventBusName, pattern: {}, target: queue });
    const Detail = JSON.stringify({ a: 'x'.repeat(mebibyte - 100) });
    const { FailedEntryCount, Entries } = await put({ Detail });
    expect(FailedEntryCount).toBe(0);
    expect(queue.messages()).toEqual([]);
    expect(aws.events.undelivered).toMatchObject([{ id: Entries?.[0]?.EventId }]);
  });
});
