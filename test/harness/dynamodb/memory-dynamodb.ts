import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { AwsError, type AwsService, answerJson } from '../../../infra/local/aws/service.ts';
import { applyChange, type Item } from './apply-change.ts';
import { parseCondition } from './condition.ts';
import { parseUpdate } from './update.ts';

/** The calls of the ledger, with every parameter that they may have. */
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
  PutItem: ['TableName', 'Item'],
  Scan: ['TableName', 'ConsistentRead', 'FilterExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'],
};

/**
 * DynamoDB with the ledger's table, as far as the ledger calls it: a call costs a tenth of dynalite's. It refuses each
 * parameter that it does not know, so that no call is taken for another.
 */
export const memoryDynamoDB = (): AwsService => {
  const items = new Map<string, Item>();

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
          ReturnValues,
          ...rest
        } = known('UpdateItem', input);
        if (ReturnValues !== 'ALL_NEW') throw invalid('ReturnValues is not ALL_NEW');
        const pk = String(Key.pk.S);
        const { names, values } = boundIn(rest);
        const after = applyChange(pk, items.get(pk), {
          ...parseUpdate(String(UpdateExpression), values),
          condition: String(condition),
          values,
          names,
        });
        if (!after) throw conditionFailed();
        items.set(pk, after);
        return { Attributes: marshalled(after) };
      },

      PutItem: (input) => {
        const item = unmarshall(known('PutItem', input).Item);
        items.set(String(item.pk), item);
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
  const given = Object(input);
  const unknown = Object.keys(given).find((name) => !parameters[operation].includes(name));
  if (unknown !== undefined) throw invalid(`${operation} with ${unknown} is not known here`);
  if (given.TableName !== ledgerTable) throw invalid(`there is no table ${given.TableName}`);
  return given;
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
