import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient, GetItemCommand, PutItemCommand, paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { startAws } from '../../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { type AwsService, throttled } from '../../../infra/local/aws/service.ts';
import { sdkDynamoDB } from '../../../infra/operator/sdk-dynamodb.ts';
import { type RequestItem, requestItem } from '../../../lib/ledger/items.ts';
import { scanOpen } from '../../../lib/ledger/scan-open.ts';
import { dynamoTable } from '../../../lib/ledger/table.ts';
import { settingsFor } from '../aws-settings.ts';
import { directClient } from '../direct-client.ts';
import { type System, type SystemOptions, startSystem } from '../system.ts';
import type { Item } from './apply-change.ts';
import { writeUnits } from './item-size.ts';
import { memoryDynamoDB } from './memory-dynamodb.ts';
import { parseUpdate } from './update.ts';

const key = 'endpoint#request#id';
const change = { set: { state: 'sending' }, condition: 'attribute_not_exists(pk)' };

const inSystem = async <Value>(options: SystemOptions, act: (system: System) => Promise<Value>): Promise<Value> => {
  const system = await startSystem(options);
  try {
    return await act(system);
  } finally {
    await system.close();
  }
};

/** What a first write comes to while the first calls meet this, and how often DynamoDB is called. */
const changeWhile = (dynalite: boolean, moment: 'before' | 'after', fault: 'reset' | 'throttled', times: number) => {
  let left = times;
  const intercept: SystemOptions['intercept'] = async (at) => {
    if (at !== moment || left === 0) return undefined;
    left--;
    return fault === 'reset' ? fault : throttled();
  };
  return inSystem({ dynalite, intercept }, async ({ table, aws, clock }) => {
    const changed = await table.change(key, change).catch((error: Error) => error.name);
    left = 0;
    const calls = aws.calls('DynamoDB_20120810.UpdateItem');
    return { changed, calls, stored: await clock.during(table.read(key)) };
  });
};

describe('DynamoDB in memory, called directly', () => {
  it.each([
    ['before', 'throttled', 2],
    ['before', 'throttled', 3],
    ['before', 'reset', 2],
    ['before', 'reset', 3],
    ['after', 'reset', 1],
    ['after', 'reset', 3],
  ] as const)('does what dynalite does where, %s it acts, a call is %s, %i times', async (moment, fault, times) => {
    const known = await changeWhile(true, moment, fault, times);
    expect(await changeWhile(false, moment, fault, times)).toEqual(known);
    expect(known.calls).toBe(Math.min(3, times + 1));
  });

  it('finds the same open requests as dynalite', async () => {
    const item = (state: string, more: object = {}): RequestItem =>
      Object({
        state,
        caller: 'c',
        fingerprint: 'f',
        name: 'n',
        parameters: {},
        arrivalID: 'a',
        createdAt: 1,
        updatedAt: 1,
        ...more,
      });
    const items = {
      accepted: item('accepted'),
      unknown: item('unknown', { lastSent: 2 }),
      working: item('sending', { lastSent: 2, lease: 11 }),
      dead: item('sending', { lastSent: 2, lease: 9 }),
      created: item('created', { lastSent: 2 }),
    };
    const found = (dynalite: boolean) =>
      inSystem({ dynalite }, async ({ dynamo, clock }) => {
        const scan = async () => {
          for (const [id, each] of Object.entries(items)) {
            const Item = marshall({ pk: `endpoint#request#${id}`, ...each });
            await dynamo.send(new PutItemCommand({ TableName: ledgerTable, Item }));
          }
          const ids: string[] = [];
          for await (const { id } of scanOpen({ dynamo, table: ledgerTable, now: 10, consistent: true })) ids.push(id);
          let all = 0;
          for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: ledgerTable }))
            all += Items.length;
          return { ids: ids.sort(), all };
        };
        return clock.during(scan());
      });
    expect(requestItem.safeParse(items.dead).success).toBe(true);
    expect(await found(false)).toEqual({ ids: ['dead', 'unknown'], all: 5 });
    expect(await found(true)).toEqual(await found(false));
  });

  it("serves Powertools' idempotency as dynalite does", async () => {
    const answered = (dynalite: boolean) =>
      inSystem({ dynalite }, async ({ dynamo, clock }) => {
        const answer = { calls: 0 };
        const config = new IdempotencyConfig({});
        config.registerLambdaContext(Object({ getRemainingTimeInMillis: () => 1_000 }));
        const once = makeIdempotent(async (_: object) => ({ calls: ++answer.calls }), {
          persistenceStore: new DynamoDBPersistenceLayer({
            tableName: ledgerTable,
            keyAttr: 'pk',
            awsSdkV3Client: dynamo,
          }),
          config,
          keyPrefix: 'function',
        });
        const ask = async () => [await once({ id: 1 }), await once({ id: 1 }), await once({ id: 2 })];
        const answers = await clock.during(ask());
        const { Items = [] } = await clock.during(dynamo.send(new ScanCommand({ TableName: ledgerTable })));
        const stored = Items.map(({ pk, status, data }) => ({ pk, status, data }));
        return { answers, stored: stored.sort((one, other) => String(one.pk?.S).localeCompare(String(other.pk?.S))) };
      });
    const known = await answered(true);
    expect(known.answers).toEqual([{ calls: 1 }, { calls: 1 }, { calls: 2 }]);
    expect(known.stored).toHaveLength(2);
    expect(await answered(false)).toEqual(known);
  });

  it.each([
    ['a small item', 10, 20, 1],
    ['an item that grows beyond 1 kB', 10, 1_100, 2],
    ['an item that shrinks', 3_000, 10, 3],
  ])('counts the write units of %s as dynalite does', async (_, before, after, units) => {
    const counted: number[] = [];
    const dynamoDB = memoryDynamoDB((...items) => counted.push(writeUnits(...items)));
    const consumed = async (service: AwsService | undefined, more: object) => {
      const aws = await startAws(service && { dynamoDB: service });
      const dynamo = new DynamoDBClient(settingsFor(aws.endpoint));
      const put = (size: number) =>
        dynamo.send(
          new PutItemCommand({ TableName: ledgerTable, Item: marshall({ pk: 'a', text: 'x'.repeat(size) }), ...more }),
        );
      try {
        await put(before);
        return (await put(after)).ConsumedCapacity?.CapacityUnits;
      } finally {
        dynamo.destroy();
        await aws.close();
      }
    };
    expect(await consumed(undefined, { ReturnConsumedCapacity: 'TOTAL' })).toBe(units);
    await consumed(dynamoDB, {});
    expect(counted.at(-1)).toBe(units);
  });

  it('reports a write whose condition failed, because it is billed, too', async () => {
    const writes: (readonly (Item | undefined)[])[] = [];
    const dynamoDB = memoryDynamoDB((...items) => writes.push(items));
    const aws = await startAws({ dynamoDB });
    const table = dynamoTable(
      sdkDynamoDB(directClient(DynamoDBClient, dynamoDB, aws)),
      ledgerTable,
    )(Number.POSITIVE_INFINITY);
    await table.change(key, change);
    await table.change(key, change);
    await aws.close();
    const item = { pk: key, state: 'sending' };
    expect(writes).toEqual([
      [undefined, item],
      [item, item],
    ]);
  });

  it('rejects an unknown parameter, and another table', async () => {
    await inSystem({}, async ({ dynamo, clock }) => {
      const Key = { pk: { S: key } };
      const get = (more: object) =>
        clock.during(dynamo.send(new GetItemCommand({ TableName: ledgerTable, Key, ConsistentRead: true, ...more })));
      expect(await get({})).not.toHaveProperty('Item');
      await expect(get({ ProjectionExpression: 'pk' })).rejects.toThrow('ProjectionExpression is not known');
      await expect(get({ TableName: 'other' })).rejects.toThrow('there is no table other');
    });
  });
});

describe('an update', () => {
  it('is read as the ledger writes it', () => {
    const text = 'SET #a = :a, #b = if_not_exists(#e, :b), #c = if_not_exists(#c, :c) REMOVE #d, #e ADD #f :f';
    expect(parseUpdate(text, { a: 1, b: 2, c: 3, f: 4 })).toEqual({
      set: { a: 1, b: 2 },
      inherit: { b: 'e' },
      initial: { c: 3 },
      remove: ['d', 'e'],
      add: { f: 4 },
    });
    expect(parseUpdate('REMOVE #d', {})).toEqual({ set: {}, inherit: {}, initial: {}, remove: ['d'], add: {} });
  });

  it.each(['SET #a = :b', 'SET #a = :a + :b', 'SET a = :a', 'ADD #a :b', 'SET #a = :a REMOVE d', 'DELETE #a :a'])(
    '%j is not taken for another',
    (text) => {
      expect(() => parseUpdate(text, { a: 1, b: 2 })).toThrow('not an update');
    },
  );
});
