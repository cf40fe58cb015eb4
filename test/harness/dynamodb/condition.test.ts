import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Aws, startAws } from '../../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { sdkDynamoDB } from '../../../infra/operator/sdk-dynamodb.ts';
import type { Claim, Ledger } from '../../../lib/ledger/ledger.ts';
import { openLedger } from '../../../lib/ledger/open-ledger.ts';
import { type Change, dynamoTable, type Table } from '../../../lib/ledger/table.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import { directClient } from '../direct-client.ts';
import { applyChange, type Item } from './apply-change.ts';
import { parseCondition } from './condition.ts';
import { memoryDynamoDB } from './memory-dynamodb.ts';

/** The tables in memory against dynalite: they must do with each change of the ledger what DynamoDB does. */

let aws: Aws;
let dynamo: DynamoDBClient;
let real: Table;
let memory: Aws;
beforeAll(async () => {
  aws = await startAws({ clock: systemClock });
  memory = await startAws({ clock: systemClock, dynamoDB: memoryDynamoDB() });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  dynamo = new DynamoDBClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
  real = dynamoTable(sdkDynamoDB(dynamo), ledgerTable)(Number.POSITIVE_INFINITY);
});
afterAll(async () => {
  dynamo.destroy();
  await Promise.all([aws.close(), memory.close()]);
});

/** All tables at once; each result has to be the same. */
const all = (): Table => {
  const items = new Map<string, Item>();
  const client = directClient(DynamoDBClient, memory.dynamoDB, memory);
  const service = dynamoTable(sdkDynamoDB(client), ledgerTable)(Number.POSITIVE_INFINITY);
  return {
    read: async (key) => {
      const item = await real.read(key);
      expect(items.get(key)).toEqual(item);
      expect(await service.read(key)).toEqual(item);
      return item;
    },
    change: async (key, change) => {
      const after = applyChange(key, items.get(key), change);
      const result = await real.change(key, change);
      expect({ change, after }).toEqual({ change, after: result });
      expect({ change, after: await service.change(key, change) }).toEqual({ change, after: result });
      if (after) items.set(key, after);
      return result;
    },
  };
};

const sends = { firstSent: 1_000, endedBy: 9_000, graceMs: 60_000 };
const rejection = { problem: 'PINGONE_REFUSED', status: 400, codes: ['INVALID_DATA'] };
const arrival = (arrivalID: string, key?: string) => ({
  caller: 'c',
  fingerprint: 'f',
  name: 'n',
  parameters: { environmentID: 'e' },
  arrivalID,
  key,
});

/** Every change that the ledger makes, by two attempts of one request and one of another. */
const changesOf = (one: Claim, two: Claim, other: Claim): readonly ((ledger: Ledger) => Promise<unknown>)[] => [
  ...[one, two, other].flatMap((claim) => [
    (ledger: Ledger) => ledger.claim(claim, arrival(claim.owner, 'k'), claim.lease - 20_000),
    (ledger: Ledger) => ledger.hold('n', claim),
    (ledger: Ledger) => ledger.hold('n', claim, one.owner),
    (ledger: Ledger) => ledger.renew(claim, sends, claim.lease - 10_000),
    (ledger: Ledger) => ledger.assign('n', claim, 'r'),
    (ledger: Ledger) => ledger.assign('n', claim, `r-${claim.id}`, 5_000),
    (ledger: Ledger) => ledger.release('n', claim),
    (ledger: Ledger) => ledger.created(claim, 'r', 6_000),
    (ledger: Ledger) => ledger.rejected(claim, rejection, 7_000),
    (ledger: Ledger) => ledger.rejected(claim, rejection, 7_000, claim.owner),
    (ledger: Ledger) => ledger.unknown(claim, sends, 8_000),
    (ledger: Ledger) => ledger.answerFinally(claim.id, { arrivalID: claim.owner, fingerprint: claim.id }, rejection),
    (ledger: Ledger) => ledger.accept(claim.id, arrival(claim.owner), 1e12),
    (ledger: Ledger) => ledger.accept(claim.id, { ...arrival(claim.owner), keepUntil: 9e11 }, 1e12),
    (ledger: Ledger) => ledger.deny(`${claim.id}-${claim.owner}`, arrival(claim.owner), rejection, 1e12),
    (ledger: Ledger) => ledger.deny(claim.id, arrival(claim.owner), rejection, 1e12),
  ]),
];

describe('a table in memory', () => {
  // Each makes another order of all changes.
  it.each([5, 7, 23])('does with each change of the ledger what dynalite does, by %i', async (stride) => {
    const ledger = openLedger(all(), `endpoint-${stride}`, 10_000);
    const lease = { lease: 30_000 };
    const [one, two] = [
      { id: 'a', owner: 'one', ...lease },
      { id: 'a', owner: 'two', lease: 90_000 },
    ];
    const changes = changesOf(one, two, { id: 'b', owner: 'three', ...lease });
    await ledger.claim(one, arrival('first'), 1_000);
    await ledger.claim({ ...one, id: 'b', owner: 'first' }, arrival('first'), 1_000);
    for (let step = 0; step < changes.length; step++) {
      await changes[(step * stride) % changes.length]?.(ledger);
    }
  });
});

describe('a condition', () => {
  const holds = (condition: string, item: Item, values: Item = {}) =>
    parseCondition(condition)({ item, names: {}, values });

  it.each<[string, Change['values'] & object]>([
    ['#a = :x', { x: 1 }],
    ['#a <> :x', { x: 1 }],
    ['#a < :x', { x: 2 }],
    ['#a <= :x', { x: 1 }],
    ['#a > :x', { x: 0 }],
    ['#a < :x', { x: 'text' }],
    ['#absent = :x', { x: 1 }],
    ['#absent <> :x', { x: 1 }],
    ['#absent < :x', { x: 1 }],
    ['NOT #absent IN (:x, :y)', { x: 1, y: 2 }],
    ['NOT #a = :x AND #b = :y OR #b = :y', { x: 1, y: 'text' }],
    ['NOT (#a = :x OR #b = :y) OR attribute_not_exists(#absent)', { x: 1, y: 'text' }],
    ['#a = :x OR #b = :y AND attribute_exists(#absent)', { x: 1, y: 'text' }],
    ['(#a = :x OR #b = :y) AND attribute_exists(#absent)', { x: 1, y: 'text' }],
    ['begins_with(#b, :y) AND attribute_exists(pk)', { y: 'te' }],
    ['begins_with(#absent, :y)', { y: 'te' }],
  ])('%s means what it means to dynalite', async (condition, values) => {
    const key = `condition ${condition} ${JSON.stringify(values)}`;
    const item = await real.change(key, { set: { a: 1, b: 'text' }, condition: 'attribute_not_exists(pk)' });
    const changed = await real.change(key, { set: { c: 1 }, condition, values });
    expect(holds(condition, item ?? {}, values)).toBe(changed !== undefined);
  });

  it.each(['#a', '#a = ', '#a = :x OR', '(#a = :x', '#a LIKE :x', 'size(#a) = :x', '#a = :x :x', '#a ~ :x'])(
    '%s is not taken for another',
    (condition) => {
      expect(() => holds(condition, { a: 1 }, { x: 1 })).toThrow();
    },
  );
});
