import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { type RequestItem, requestItem } from './items.ts';
import { LedgerUnavailable } from './table.ts';

/** A request that may have created a resource, and that no attempt owns. */
export interface OpenRequest {
  readonly id: string;
  /** The endpoint's name. */
  readonly endpoint: string;
  readonly item: RequestItem;
}

export interface Scan {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Reads the latest writes, for twice the price. */
  readonly consistent: boolean;
}

/** A service with a pending deployment. */
export interface WaitingService {
  /** Since when, in milliseconds since the epoch. */
  readonly wantedAt: number;
}

const unknown = 'attribute_exists(lastSent) AND (#state = :unknown OR (#state = :sending AND #lease < :now))';

/**
 * Finds each request whose outcome is unknown, or whose attempt died after a send. Reads the whole table page by page.
 * @throws LedgerUnavailable
 */
export const scanOpen = async function* (scan: Scan): AsyncGenerator<OpenRequest> {
  for await (const item of itemsIn(scan, unknown)) yield openRequest(item);
};

/** Finds the open requests, and the services with a pending deployment, in one scan. @throws LedgerUnavailable */
export const scanWaiting = async function* (scan: Scan): AsyncGenerator<OpenRequest | WaitingService> {
  for await (const item of itemsIn(scan, `${unknown} OR attribute_exists(wantedAt)`))
    yield typeof item.wantedAt === 'number' ? { wantedAt: item.wantedAt } : openRequest(item);
};

const itemsIn = async function* (
  { dynamo, table, now, consistent }: Scan,
  FilterExpression: string,
): AsyncGenerator<Record<string, unknown>> {
  const pages = paginateScan(
    { client: dynamo },
    {
      TableName: table,
      ConsistentRead: consistent,
      FilterExpression,
      ExpressionAttributeNames: { '#state': 'state', '#lease': 'lease' },
      ExpressionAttributeValues: {
        ':unknown': { S: 'unknown' },
        ':sending': { S: 'sending' },
        ':now': { N: String(now) },
      },
    },
  );
  try {
    for await (const { Items = [] } of pages) yield* Items.map((item) => unmarshall(item));
  } catch (cause) {
    throw new LedgerUnavailable('the ledger could not be read', { cause });
  }
};

const openRequest = ({ pk, ...item }: Record<string, unknown>): OpenRequest => {
  const [endpoint = '', , id = ''] = String(pk).split('#');
  return { id, endpoint, item: z.parse(requestItem, item) };
};
