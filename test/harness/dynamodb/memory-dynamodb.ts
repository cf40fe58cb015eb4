import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { AwsError, type AwsService, answerJson } from '../../../infra/local/aws/service.ts';
import { applyChange, type Item, meets } from './apply-change.ts';
import { parseCondition } from './condition.ts';
import { parseUpdate } from './update.ts';

/** The calls of the ledger and of Powertools' idempotency, with every parameter that they may have. */
const parameters = {
  GetItem: ['TableName', 'Key', 'ConsistentRead'],
  UpdateItem: [
    'TableName',
    'Key',
    'UpdateExpression',
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'ReturnValues',
  ],
  PutItem: [
    'TableName',
    'Item',
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    // The answer has no item, as dynalite's.
    'ReturnValuesOnConditionCheckFailure',
  ],
  Scan: ['TableName', 'ConsistentRead', 'FilterExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'],
};

/** Called at each write with the item before and after it, which are the same where the condition failed. */
export type OnWrite = (before: Item | undefined, after: Item | undefined) => void;

/**
 * DynamoDB with the ledger's table, as far as the ledger and Powertools' idempotency call it: a call costs a tenth of
 * dynalite's. It refuses each parameter that it does not know, so that no call is taken for another.
 */
export const memoryDynamoDB = (onWrite: OnWrite = () => {}): AwsService => {
  const items = new Map<string, Item>();

  /** @throws AwsError if there is no item after the write, because its condition failed */
  const write = (pk: string, after: Item | undefined): Item => {
    const before = items.get(pk);
    onWrite(before, after ?? before);
    if (!after) throw conditionFailed();
    items.set(pk, after);
    return after;
  };

  return {
    target: 'DynamoDB_20120810',
    answer: answerJson('1.0', {
      GetItem: (input) => {
        const { Key } = known('GetItem', input);
        const item = items.get(String(Key.pk.S));
        return item ? { Item: marshalled(item) } : {};
      },

      UpdateItem: (input) => {
        const {
          Key,
          UpdateExpression,
          ConditionExpression: condition,
          ReturnValues = 'NONE',
          ...rest
        } = known('UpdateItem', input);
        if (!['NONE', 'ALL_NEW'].includes(ReturnValues))
          throw invalid(`ReturnValues ${ReturnValues} is not known here`);
        const pk = String(Key.pk.S);
        const { names, values } = boundIn(rest);
        const change = { ...parseUpdate(String(UpdateExpression), values), condition, values, names };
        const after = write(pk, applyChange(pk, items.get(pk), change));
        return ReturnValues === 'ALL_NEW' ? { Attributes: marshalled(after) } : {};
      },

      PutItem: (input) => {
        const { Item, ConditionExpression: condition, ...rest } = known('PutItem', input);
        const item = unmarshall(Item);
        const pk = String(item.pk);
        write(pk, meets(items.get(pk), { condition, ...boundIn(rest) }) ? item : undefined);
        return {};
      },

      Scan: (input) => {
        const { FilterExpression, ...rest } = known('Scan', input);
        const { names, values } = boundIn(rest);
        const isFound = FilterExpression === undefined ? () => true : parseCondition(String(FilterExpression));
        const found = [...items.values()].filter((item) => isFound({ item, names, values }));
        return { Items: found.map(marshalled), Count: found.length, ScannedCount: items.size };
      },
    }),
  };
};

/** The parameters of a call. @throws AwsError if there is another, or another table */
const known = (operation: keyof typeof parameters, input: unknown) => {
  const members = Object(input);
  const unknown = Object.keys(members).find((name) => !parameters[operation].includes(name));
  if (unknown !== undefined) throw invalid(`${operation} with ${unknown} is not known here`);
  if (members.TableName !== ledgerTable) throw invalid(`there is no table ${members.TableName}`);
  return members;
};

const invalid = (message: string) => new AwsError('com.amazon.coral.validate#ValidationException', message);

const conditionFailed = () =>
  new AwsError('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', 'The conditional request failed');

interface Bound {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Names and values of an expression, without `#` and `:`. */
const boundIn = ({ ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Bound) => ({
  names: withoutSign(ExpressionAttributeNames),
  values: withoutSign(unmarshall(ExpressionAttributeValues)),
});

const withoutSign = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name.slice(1), value]));

const marshalled = (item: Item) => marshall(item);
