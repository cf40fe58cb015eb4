import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { GatewayError } from '../problems.ts';
import type { DynamoDB } from './dynamodb.ts';

/** Thrown when the table could not be read or written; a failed write may still have been applied. */
export class LedgerUnavailable extends GatewayError {
  override readonly name = 'LedgerUnavailable';
}

/** One change of one item. A condition names members as `#member` and values as `:value`. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  /** Members to set only if absent. */
  readonly initial?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly condition: string;
  /** Further values for the condition. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The real name of a `#member` whose name is not a word. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface Table {
  /** Reads the item (a consistent read). */
  read(key: string): Promise<Record<string, unknown> | undefined>;
  /** Returns the item after the change; undefined if the condition failed. */
  change(key: string, change: Change): Promise<Record<string, unknown> | undefined>;
}

/** A table whose calls end by a deadline, in milliseconds since the epoch. */
export type TableBy = (deadline: number) => Table;

/** A DynamoDB table with the partition key `pk`. @throws LedgerUnavailable from every call */
export const dynamoTable =
  (dynamo: DynamoDB, tableName: string): TableBy =>
  (deadline) => ({
    read: async (pk) => {
      const input = { TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead: true };
      const { Item } = await dynamo.getItem(input, deadline).catch(unavailable);
      return Item && unmarshall(Item);
    },

    change: async (pk, { set = {}, initial = {}, remove = [], condition, values = {}, names = {} }) => {
      const assignments = [
        ...Object.keys(set).map((name) => `#${name} = :${name}`),
        ...Object.keys(initial).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
      ];
      const update = [
        ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
        ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
      ].join(' ');
      const input = {
        TableName: tableName,
        Key: { pk: { S: pk } },
        UpdateExpression: update,
        ConditionExpression: condition.trim().replace(/\s+/g, ' '),
        ExpressionAttributeNames: namesIn(`${update} ${condition}`, names),
        ExpressionAttributeValues: valuesIn(`${update} ${condition}`, { ...set, ...initial, ...values }),
        ReturnValues: 'ALL_NEW',
      } as const;
      try {
        const { Attributes } = await dynamo.updateItem(input, deadline);
        return Attributes && unmarshall(Attributes);
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
        return unavailable(error);
      }
    },
  });

const unavailable = (cause: unknown): never => {
  throw new LedgerUnavailable('the ledger could not be read or written', { cause });
};

const namesIn = (expression: string, names: Record<string, string>): Record<string, string> =>
  Object.fromEntries([...expression.matchAll(/#(\w+)/g)].map(([token, name = '']) => [token, names[name] ?? name]));

const valuesIn = (expression: string, values: Record<string, unknown>): Record<string, AttributeValue> => {
  const used = new Set([...expression.matchAll(/:(\w+)/g)].map(([, name = '']) => name));
  return marshall(Object.fromEntries([...used].map((name) => [`:${name}`, values[name]])), {
    removeUndefinedValues: true,
  });
};
