import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DynamoDBFailure, openDynamoDB } from '../../lib/ledger/dynamodb.ts';
import { type Answer, AnswerLost, NotSent, type Outgoing } from '../../lib/runtime/connection.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';
import { manualClock } from '../harness/manual-clock.ts';

const identity = { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' };
const input = { TableName: 't', Key: { pk: { S: 'é' } } };
const begun = Date.parse('2026-01-02T03:04:05Z');
const minute = 60_000;

const answer = (status: number, body: object = {}, date = begun): Answer => ({
  status,
  headers: { date: new Date(date).toUTCString() },
  body: Buffer.from(JSON.stringify(body)),
});
const refused = (type: string, date?: number) =>
  answer(400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }, date);

/** A client whose tries get these answers; a try passes the time of its wait. */
const open = (answers: readonly (Answer | Error)[]) => {
  const { clock, pass } = manualClock(begun);
  const sent: { readonly outgoing: Outgoing; readonly timeoutMs: number; readonly at: number }[] = [];
  const left = [...answers];
  const dynamo = openDynamoDB({
    region: 'eu-west-1',
    target: targetOf('https://dynamodb.eu-west-1.amazonaws.com'),
    credentials: async () => identity,
    clock: {
      ...clock,
      after: (milliseconds, act) => {
        const cancel = clock.after(milliseconds, act);
        queueMicrotask(() => pass(milliseconds));
        return cancel;
      },
    },
    random: () => 1,
    send: async (outgoing, timeoutMs) => {
      sent.push({ outgoing, timeoutMs, at: clock.now() - begun });
      const next = left.shift() ?? answer(200, { Item: { pk: { S: 'é' } } });
      if (next instanceof Error) throw next;
      return next;
    },
  });
  return { dynamo, sent };
};

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

describe('a call to DynamoDB', () => {
  it('is signed by Signature Version 4', async () => {
    const { dynamo, sent } = open([]);
    expect(await dynamo.getItem(input, begun + minute)).toEqual({ Item: { pk: { S: 'é' } } });
    const { method, headers, body = '', target } = sent[0]?.outgoing ?? expect.fail();
    expect([method, target.host]).toEqual(['POST', 'dynamodb.eu-west-1.amazonaws.com']);
    expect(JSON.parse(body)).toEqual(input);
    const { authorization = '', ...signed } = headers;
    expect(signed).toMatchObject({
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'x-amz-security-token': 'token',
      'x-amz-date': '20260102T030405Z',
    });
    const names = Object.keys(signed).sort();
    const canonical = [
      'POST',
      '/',
      '',
      ...names.map((name) => `${name}:${signed[name]}`),
      '',
      names.join(';'),
      hash(body),
    ];
    const scope = '20260102/eu-west-1/dynamodb/aws4_request';
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${identity.secretAccessKey}`);
    const text = ['AWS4-HMAC-SHA256', '20260102T030405Z', scope, hash(canonical.join('\n'))].join('\n');
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIA/${scope}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, text).toString('hex')}`,
    );
  });

  it.each([
    { failure: answer(500), waits: [50, 100] },
    { failure: answer(503), waits: [50, 100] },
    { failure: new NotSent('refused'), waits: [50, 100] },
    { failure: new AnswerLost('reset'), waits: [50, 100] },
    { failure: refused('ProvisionedThroughputExceededException'), waits: [500, 1_000] },
    { failure: refused('ThrottlingException'), waits: [500, 1_000] },
  ])('that may succeed later is tried three times, with a backoff of $waits ms', async ({ failure, waits }) => {
    const [first = 0, second = 0] = waits;
    const twice = open([failure, failure]);
    expect(await twice.dynamo.updateItem(input, begun + minute)).toHaveProperty('Item');
    expect(twice.sent.map(({ at }) => at)).toEqual([0, first, first + second]);
    const thrice = open([failure, failure, failure]);
    await expect(thrice.dynamo.updateItem(input, begun + minute)).rejects.toThrow(failureOf(failure));
    expect(thrice.sent).toHaveLength(3);
  });

  it.each([
    'ConditionalCheckFailedException',
    'ValidationException',
    'AccessDeniedException',
    'ResourceNotFoundException',
  ])('that fails permanently is not retried: %s', async (name) => {
    const { dynamo, sent } = open([refused(name)]);
    await expect(dynamo.updateItem(input, begun + minute)).rejects.toMatchObject({ name, message: 'no' });
    expect(sent).toHaveLength(1);
  });

  it("is signed with AWS's time after AWS rejected ours", async () => {
    const { dynamo, sent } = open([refused('InvalidSignatureException', begun + 10 * minute)]);
    await dynamo.getItem(input, begun + minute);
    await dynamo.getItem(input, begun + minute);
    expect(sent.map(({ outgoing }) => outgoing.headers['x-amz-date'])).toEqual([
      '20260102T030405Z',
      '20260102T031405Z',
      '20260102T031405Z',
    ]);
  });

  it("is signed with AWS's time once: a further rejection is final", async () => {
    const rejection = refused('InvalidSignatureException', begun + 10 * minute);
    const { dynamo, sent } = open([rejection, rejection]);
    await expect(dynamo.getItem(input, begun + minute)).rejects.toThrow(DynamoDBFailure);
    expect(sent).toHaveLength(2);
  });

  it('that fails for another reason than its time is not retried, whatever the time is', async () => {
    const { dynamo, sent } = open([refused('ValidationException', begun + 10 * minute)]);
    await expect(dynamo.getItem(input, begun + minute)).rejects.toThrow(DynamoDBFailure);
    expect(sent).toHaveLength(1);
  });

  it('whose signature is rejected at the right time is not retried', async () => {
    for (const failure of [
      refused('InvalidSignatureException'),
      refused('InvalidSignatureException', begun + 4 * minute),
      { ...refused('InvalidSignatureException'), headers: {} },
    ]) {
      const { dynamo, sent } = open([failure]);
      await expect(dynamo.getItem(input, begun + minute)).rejects.toThrow(DynamoDBFailure);
      expect(sent).toHaveLength(1);
    }
  });

  it.each([
    { leftMs: 10_000, timeouts: [3_000, 3_000, 3_000] },
    { leftMs: 2_000, timeouts: [2_000, 1_950, 1_850] },
    { leftMs: 100, timeouts: [100, 50] },
    { leftMs: 50, timeouts: [50] },
  ])('with $leftMs ms left has tries that end by its deadline: $timeouts', async ({ leftMs, timeouts }) => {
    const lost = new AnswerLost('no answer');
    const { dynamo, sent } = open([lost, lost, lost]);
    await expect(dynamo.getItem(input, begun + leftMs)).rejects.toBe(lost);
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual(timeouts);
  });

  it('that is rejected in an unknown form reports the status', async () => {
    const { dynamo } = open([{ ...answer(413), body: Buffer.from('<html>') }]);
    await expect(dynamo.getItem(input, begun + minute)).rejects.toThrow('DynamoDB answered 413');
  });
});

const failureOf = (failure: Answer | Error) => (failure instanceof Error ? failure : DynamoDBFailure);
