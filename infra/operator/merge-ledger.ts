import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LedgerUnavailable } from '../../lib/ledger/table.ts';

interface MergeOptions {
  readonly dynamo: DynamoDBClient;
  /** The ledger to complete. */
  readonly into: string;
  /** The table to copy from, such as a restored copy. It is only read. */
  readonly from: string;
}

interface MergeCounts {
  /** Requests that the ledger lacked, or had in an older state. */
  readonly requests: number;
  /** Names whose members were compared. */
  readonly names: number;
  /** Requests that the ledger has in the same state, or in a newer one. */
  readonly unchanged: number;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Number of concurrent writes. */
const writesAtOnce = 25;

/**
 * Copies newer states of requests and missing members of names from another table into a ledger. It deletes nothing, and a
 * second run changes nothing. @throws LedgerUnavailable
 */
export const mergeLedger = async ({ dynamo, into, from }: MergeOptions): Promise<MergeCounts> => {
  const merged = { requests: 0, names: 0, unchanged: 0 };
  const mergeItem = async (item: Item): Promise<void> => {
    if (item.pk?.S?.includes('#deployment#')) await putIf(dynamo, ifAbsent(into, item));
    else if (!item.pk?.S?.includes('#request#')) {
      await completeName(dynamo, into, item);
      merged.names++;
    } else if (await putIf(dynamo, ifNewer(into, item))) merged.requests++;
    else merged.unchanged++;
  };
  try {
    const pages = paginateScan({ client: dynamo }, { TableName: from, ConsistentRead: true });
    for await (const { Items = [] } of pages) {
      for (let at = 0; at < Items.length; at += writesAtOnce)
        await Promise.all(Items.slice(at, at + writesAtOnce).map(mergeItem));
    }
  } catch (cause) {
    throw new LedgerUnavailable(`${from} could not be read, or ${into} not be written`, { cause });
  }
  return merged;
};

/** The pending deployments of a service, unless the ledger has some: counters of two tables can't be joined. */
const ifAbsent = (TableName: string, Item: Item): PutItemCommandInput => ({
  TableName,
  Item,
  ConditionExpression: 'attribute_not_exists(pk)',
});

/** A request as it is in the other table, unless the ledger has a state of it that is as new. */
const ifNewer = (TableName: string, Item: Item): PutItemCommandInput => ({
  TableName,
  Item,
  ConditionExpression: 'attribute_not_exists(pk) OR #updatedAt < :updatedAt',
  ExpressionAttributeNames: { '#updatedAt': 'updatedAt' },
  ExpressionAttributeValues: { ':updatedAt': Item.updatedAt ?? { N: '0' } },
});

/** Writes an item; false if its condition is not met. */
const putIf = async (dynamo: DynamoDBClient, input: PutItemCommandInput): Promise<boolean> => {
  try {
    await dynamo.send(new PutItemCommand(input));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
};

/** Adds the members that a name lacks: which request each resource belongs to, and which one may send. */
const completeName = async (dynamo: DynamoDBClient, TableName: string, { pk, ...members }: Item): Promise<void> => {
  if (pk === undefined) return;
  const entries = Object.entries(members);
  const command = new UpdateItemCommand({
    TableName,
    Key: { pk },
    ...(entries.length > 0 && {
      UpdateExpression: `SET ${entries.map((_, nth) => `#m${nth} = if_not_exists(#m${nth}, :m${nth})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([member], nth) => [`#m${nth}`, member])),
      ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], nth) => [`:m${nth}`, value])),
    }),
  });
  await dynamo.send(command);
};
