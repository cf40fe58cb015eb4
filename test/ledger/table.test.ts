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
