import { EventBridgeClient, type PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { outboxOf } from '../../lib/queue/outbox.ts';
import { putOn } from '../../lib/queue/publish.ts';
import { manualClock } from '../harness/manual-clock.ts';

type Result = Partial<PutEventsCommandOutput> | Error;

const taken = { FailedEntryCount: 0 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An outbox for a batch, on a bus with these answers; then it takes everything. */
const open = (messages: number, answers: readonly Result[] = []) => {
  const { clock, pass } = manualClock();
  const left = [...answers];
  const calls: string[][] = [];
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    calls.push(Entries.map(({ Detail }) => JSON.parse(Detail ?? '').id));
    const next = left.shift() ?? taken;
    if (next instanceof Error) throw next;
    return next;
  };
  const bus: EventBridgeClient = Object.assign(Object.create(EventBridgeClient.prototype), { send });
  const withPublish = outboxOf(putOn(bus, 'bus', clock), clock)(messages);
  const results: Record<string, string> = {};
  /** A message with an outcome, after `work`. */
  const message = (id: string, work: Promise<void> = Promise.resolve(), more: object = {}) =>
    withPublish(async (publish) => {
      await work;
      await publish(endpoint, 'Created', { id, ...more }, clock.now() + 60_000);
    }).then(
      () => {
        results[id] = 'acknowledged';
      },
      (error: Error) => {
        results[id] = error.message;
      },
    );
  return { message, withPublish, calls, results, pass };
};

describe('the outcomes of a batch', () => {
  it('are published in one call if no message waits', async () => {
    const { message, calls, results, pass } = open(10);
    const ids = Array.from({ length: 10 }, (_, nth) => `m${nth}`);
    await Promise.all(ids.map((id) => message(id)));
    pass(1_000);
    await turn();
    expect(calls).toEqual([ids]);
    expect(Object.values(results)).toEqual(ids.map(() => 'acknowledged'));
  });

  it('do not wait for a message that ends without an outcome', async () => {
    const { message, withPublish, calls } = open(3);
    const failing = withPublish(() => Promise.reject(new Error('x')));
    await Promise.all([message('a'), withPublish(async () => {}), expect(failing).rejects.toThrow('x')]);
    expect(calls).toEqual([['a']]);
  });

  it('wait at most 100 ms for a message in progress, whose outcome is published later', async () => {
    const { message, calls, results, pass } = open(2);
    const work = Promise.withResolvers<void>();
    const first = message('a');
    const second = message('b', work.promise);
    await turn();
    pass(99);
    await turn();
    expect([calls, results]).toEqual([[], {}]);
    pass(1);
    await first;
    expect([calls, results]).toEqual([[['a']], { a: 'acknowledged' }]);
    work.resolve();
    await second;
    expect(calls).toEqual([['a'], ['b']]);
  });

  it('wait 100 ms from the first of them, whatever was published before', async () => {
    const { message, calls, pass } = open(20);
    const at = async (ms: number, ...ids: string[]) => {
      for (const id of ids) void message(id);
      await turn();
      pass(ms);
      await turn();
    };
    await at(50, 'a');
    await at(50, 'b');
    expect(calls).toEqual([['a', 'b']]);
    await at(99, 'c');
    expect(calls).toHaveLength(1);
    await at(1);
    expect(calls).toEqual([['a', 'b'], ['c']]);
    const ten = Array.from({ length: 10 }, (_, nth) => `m${nth}`);
    await at(60, ...ten);
    await at(60, 'd');
    expect(calls.slice(2)).toEqual([ten]);
    await at(40);
    expect(calls.slice(3)).toEqual([['d']]);
  });

  it('are acknowledged one by one: an outcome that the bus refuses is repeated alone', async () => {
    const half = { FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'InternalFailure' }] };
    const { message, calls, results, pass } = open(2, [half]);
    const both = Promise.all([message('a'), message('b')]);
    await turn();
    expect(results).toEqual({ a: 'acknowledged' });
    pass(100);
    await both;
    expect([calls, results]).toEqual([[['a', 'b'], ['b']], { a: 'acknowledged', b: 'acknowledged' }]);
  });

  it('fail if the bus refuses them three times, or if all calls fail', async () => {
    const one = { FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'InternalFailure' }] };
    const alone = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] };
    const refusing = open(2, [one, alone, alone]);
    const both = Promise.all([refusing.message('a'), refusing.message('b')]);
    for (let nth = 0; nth < 3; nth++) {
      await turn();
      refusing.pass(200);
    }
    await both;
    expect(refusing.results).toEqual({ a: 'acknowledged', b: 'the bus refused the outcome 3 times' });

    const failing = open(2, [new Error('x')]);
    await Promise.all([failing.message('a'), failing.message('b')]);
    expect(failing.results).toEqual({
      a: 'the outcome could not be put on the bus',
      b: 'the outcome could not be put on the bus',
    });
  });

  it('are published in several calls if they exceed the limits of one', async () => {
    const many = open(11);
    await Promise.all(Array.from({ length: 11 }, (_, nth) => many.message(`m${nth}`)));
    expect(many.calls.map(({ length }) => length)).toEqual([10, 1]);
  });

  it.each([
    ['of 200 kB are published together', 'é'.repeat(49_990), 0, [['a', 'b'], ['c']]],
    ['of more are not', 'é'.repeat(49_990), 1, [['a'], ['b', 'c']]],
  ])('%s', async (_, text, more, calls) => {
    const large = open(3);
    // Without the text an outcome has 20 bytes.
    await Promise.all([
      large.message('a', undefined, { text }),
      large.message('b', undefined, { text: text + 'x'.repeat(more) }),
      large.message('c'),
    ]);
    expect(large.calls).toEqual(calls);
  });
});
