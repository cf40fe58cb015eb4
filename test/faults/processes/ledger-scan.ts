import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { region } from '../../../infra/local/aws/account.ts';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { type RequestItem, requestItem } from '../../../lib/ledger/items.ts';
import { assignedIn, nameItem } from '../../../lib/ledger/names.ts';

/** All that the ledger has. */
export interface LedgerItems {
  /** By request id. */
  readonly requests: ReadonlyMap<string, RequestItem>;
  /** The ids of the requests that hold a name. */
  readonly holders: readonly string[];
  /** Resource id -> request id. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Reads the whole ledger of an AWS on this machine. */
export const scanLedger = async (endpoint: string): Promise<LedgerItems> => {
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const requests = new Map<string, RequestItem>();
  const holders: string[] = [];
  const owners = new Map<string, string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: ledgerTable, ConsistentRead: true })) {
    for (const { pk, ...item } of Items.map((marshalled) => unmarshall(marshalled))) {
      const [, kind, id = ''] = String(pk).split('#');
      if (kind === 'request') {
        const request = z.parse(requestItem, item);
        requests.set(id, request);
        // A function that dies as it records a resource may leave it in the request's item alone.
        if (request.state === 'created' && request.resource) owners.set(request.resource, id);
      }
      if (kind !== 'name') continue;
      const { holder } = z.parse(nameItem, item);
      if (holder !== undefined) holders.push(holder);
      for (const [resource, request] of assignedIn(item)) owners.set(resource, request);
    }
  }
  client.destroy();
  return { requests, holders, owners };
};

/** Whether a request still has no outcome. */
export const isOpen = (item: RequestItem | undefined): boolean =>
  item !== undefined && item.state !== 'created' && item.state !== 'rejected';
