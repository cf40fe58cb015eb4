import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { serviceOf } from '../../lib/deploy/service.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { type OpenRequest as Scanned, scanOpen } from '../../lib/ledger/scan-open.ts';
import { dynamoTable } from '../../lib/ledger/table.ts';
import { GatewayError } from '../../lib/problems.ts';
import { openIn } from '../../lib/provision/open-sends.ts';
import { defaultTimings } from '../../lib/provision/timings.ts';
import { sdkDynamoDB } from './sdk-dynamodb.ts';

interface LedgerPlace {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly endpoints: readonly Endpoint[];
  readonly now: () => number;
}

export interface OpenRequest {
  readonly id: string;
  readonly endpoint: string;
  readonly caller: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly firstSent: string | undefined;
  readonly lastSent: string | undefined;
}

export type Settlement = { readonly created: string } | { readonly absent: true };

/** Thrown when a request can't be closed by hand. */
export class NotSettled extends GatewayError {
  override readonly name = 'NotSettled';
}

/** The requests that were sent, have no outcome and have no running attempt; oldest first. */
export const openRequests = async ({ dynamo, table, now }: LedgerPlace): Promise<readonly OpenRequest[]> => {
  const all: Scanned[] = [];
  for await (const open of scanOpen({ dynamo, table, now: now(), consistent: true })) all.push(open);
  return all.sort((one, other) => one.item.createdAt - other.item.createdAt).map(openRequestOf);
};

/** One open request. @throws NotSettled if there is none, or it is closed; LedgerUnavailable */
export const openRequest = async (place: LedgerPlace, id: string): Promise<OpenRequest> => {
  const { endpoint, item } = await findOpen(place, id);
  return openRequestOf({ id, endpoint: endpoint.name, item });
};

/** The endpoint and the item of a request that is not closed. */
const findOpen = async ({ dynamo, table, endpoints }: LedgerPlace, id: string) => {
  const tableBy = dynamoTable(sdkDynamoDB(dynamo), table);
  for (const endpoint of endpoints) {
    const ledger = openLedger(tableBy(Number.POSITIVE_INFINITY), endpoint.name, defaultTimings.clockSkew);
    const item = await ledger.read(id);
    if (!item) continue;
    if (item.state === 'created' || item.state === 'rejected')
      throw new NotSettled(`the request ${id} is closed as ${item.state}`);
    const pendingDeployments = openPendingDeployments(tableBy(Number.POSITIVE_INFINITY), endpoint.name);
    return { endpoint, ledger, item, pendingDeployments };
  }
  throw new NotSettled(`there is no request ${id}; npm run ledger -- unknown lists the open ones`);
};

const openRequestOf = ({ id, endpoint, item: { caller, parameters, firstSent, lastSent } }: Scanned): OpenRequest => ({
  id,
  endpoint,
  caller,
  parameters,
  firstSent: time(firstSent),
  lastSent: time(lastSent),
});

const time = (milliseconds: number | undefined) => (milliseconds && new Date(milliseconds).toISOString()) || undefined;

const leaseMs = 60_000;

/** Closes one open request as an operator found it to be in PingOne. @throws NotSettled, LedgerUnavailable */
export const settleByHand = async (place: LedgerPlace, id: string, as: Settlement, by: string) => {
  const { now } = place;
  const { endpoint, ledger, item, pendingDeployments } = await findOpen(place, id);
  let deploy: string | undefined;
  const claim = { id, owner: `operator ${randomUUID()}`, lease: now() + leaseMs };
  const { isOwner } = await ledger.claim(claim, { ...item, settledBy: by }, now());
  if (!isOwner) throw new NotSettled(`the request ${id} is being worked on; try again when its attempt has ended`);
  if ('created' in as) {
    if (!(await ledger.assign(item.name, claim, as.created))) {
      const open = openIn(item, defaultTimings);
      if (open) await ledger.unknown(claim, open, now());
      throw new NotSettled(`the resource ${as.created} belongs to another request`);
    }
    // Without a message: the operator deploys by a call, or the next create of the service does.
    const service = item.deploys ? serviceOf(endpoint, item.parameters) : undefined;
    const deploymentNumber = service && (await pendingDeployments.add(service.path, item.caller, now()));
    await ledger.created(claim, as.created, now(), deploymentNumber);
    if (service) deploy = `POST /v1${service.path}`;
  } else {
    await ledger.rejected(claim, { problem: 'OUTCOME_UNKNOWN', status: 504, codes: ['SETTLED_ABSENT'] }, now());
  }
  const at = new Date(now()).toISOString();
  return {
    audit: 'SETTLED_BY_HAND',
    at,
    by,
    endpoint: endpoint.name,
    request: id,
    ...as,
    ...(deploy !== undefined && { deploy }),
  };
};
