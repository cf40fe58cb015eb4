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
  /** Members of `set` that take the value of another member instead, if the item has that. */
  readonly inherit?: Readonly<Record<string, string>>;
  /** Counters, and what is added to each; an absent one counts as 0. */
  readonly add?: Readonly<Record<string, number>>;
  /** Absent: the change is made in any case. */
  readonly condition?: string | undefined;
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
export const dynamoTable = (dynamo: DynamoDB, tableName: string): TableBy => {
  const conditions = new Map<string, Condition>();
  const conditionOf = (text: string | undefined): Condition => {
    if (text === undefined) return { expression: undefined, members: [], operands: [] };
    const condition = conditions.get(text) ?? readCondition(text);
    conditions.set(text, condition);
    return condition;
  };

  return (deadline) => ({
    read: async (pk) => {
      const input = { TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead: true };
      const { Item } = await dynamo.getItem(input, deadline).catch(unavailable);
      return Item && unmarshall(Item);
    },

    change: async (pk, change) => {
      const {
        set = {},
        initial = {},
        remove = [],
        inherit = {},
        add = {},
        condition,
        values = {},
        names = {},
      } = change;
      const { expression, members, operands } = conditionOf(condition);
      const assigned = { ...set, ...initial, ...add };
      const added = Object.keys(add);
      const assignments = [
        ...Object.keys(set).map((name) => {
          const from = inherit[name];
          return from === undefined ? `#${name} = :${name}` : `#${name} = if_not_exists(#${from}, :${name})`;
        }),
        ...Object.keys(initial).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
      ];
      const update = [
        ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
        ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
        ...(added.length > 0 ? [`ADD ${added.map((name) => `#${name} :${name}`).join(', ')}`] : []),
      ];
      const compared = Object.fromEntries(operands.map((name) => [name, values[name]]));
      const input = {
        TableName: tableName,
        Key: { pk: { S: pk } },
        UpdateExpression: update.join(' '),
        ConditionExpression: expression,
        ExpressionAttributeNames: Object.fromEntries(
          [...Object.keys(assigned), ...remove, ...Object.values(inherit), ...members].map((name) => [
            `#${name}`,
            names[name] ?? name,
          ]),
        ),
        ExpressionAttributeValues: attributes({ ...compared, ...assigned }),
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
};

/** A condition, and the `#members` and `:operands` in it. */
interface Condition {
  readonly expression: string | undefined;
  readonly members: readonly string[];
  readonly operands: readonly string[];
}

const readCondition = (text: string): Condition => {
  const namesIn = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
  return { expression: text.trim().replace(/\s+/g, ' '), members: namesIn(/#(\w+)/g), operands: namesIn(/:(\w+)/g) };
};

const attributes = (values: Readonly<Record<string, unknown>>): Record<string, AttributeValue> =>
  marshall(Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])), {
    removeUndefinedValues: true,
  });

const unavailable = (cause: unknown): never => {
  throw new LedgerUnavailable('the ledger could not be read or written', { cause });
};
