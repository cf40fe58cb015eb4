import type { UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamoTable, LedgerUnavailable } from '../../lib/ledger/table.ts';

const tableOf = (error: unknown) => {
  const fail = () => Promise.reject(error);
  return dynamoTable({ getItem: fail, updateItem: fail }, 'table')(1_000);
};
const change = { set: { a: 1 }, condition: 'attribute_exists(pk)' };

it('a change whose condition fails returns undefined', async () => {
  const error = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
  expect(await tableOf(error).change('key', change)).toBeUndefined();
});

it.each([
  Object.assign(new Error('no'), { name: 'ProvisionedThroughputExceededException' }),
  { name: 'ConditionalCheckFailedException' },
  undefined,
])('any other failure, such as %j, is never read as a failed condition', async (error) => {
  await expect(tableOf(error).change('key', change)).rejects.toThrow(LedgerUnavailable);
  await expect(tableOf(error).read('key')).rejects.toThrow(LedgerUnavailable);
});

it('a change has only the clauses that it needs', async () => {
  const inputs: UpdateItemInput[] = [];
  const { change: apply } = dynamoTable(
    {
      getItem: async () => ({}),
      updateItem: async (input) => {
        inputs.push(input);
        return { Attributes: { wanted: { N: '1' } } };
      },
    },
    'table',
  )(1_000);
  expect(await apply('key', { add: { wanted: 1 } })).toEqual({ wanted: 1 });
  await apply('key', { set: { a: 'x' }, initial: { b: 2 }, condition: '#a <> :a' });
  await apply('key', { remove: ['a', 'b'] });
  expect(inputs.map(({ UpdateExpression }) => UpdateExpression)).toEqual([
    'ADD #wanted :wanted',
    'SET #a = :a, #b = if_not_exists(#b, :b)',
    'REMOVE #a, #b',
  ]);
  expect(inputs.map(({ ConditionExpression }) => ConditionExpression)).toEqual([undefined, '#a <> :a', undefined]);
});
