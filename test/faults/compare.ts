import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { openRequests } from '../../infra/operator/open-requests.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { assignedIn } from '../../lib/ledger/names.ts';
import { fingerprintOf } from '../../lib/provision/identity.ts';
import { collectionOf } from '../harness/front-door.ts';
import type { System } from '../harness/system.ts';
import type { Figures } from './figures.ts';
import type { Intent } from './intents.ts';

/** The final answer to each caller: the id of its resource; undefined if there is none. */
export type CallerResults = Map<Intent, string | undefined>;

/** Compares the resources in PingOne with the answers to callers and with the ledger. */
export const compare = (
  { sandbox }: Pick<System, 'sandbox'>,
  results: CallerResults,
  arrivals: ReadonlyMap<string, Intent>,
  senders: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
): Pick<Figures, 'resources' | 'duplicates' | 'losses' | 'orphans'> => {
  const resources = new Map(
    endpoints.flatMap((endpoint) =>
      sandbox.resources(collectionOf(endpoint)).map((resource) => [resource.id, resource]),
    ),
  );
  const reportedIDs = new Set(results.values());
  const known = (id: string) => owners.has(id) || reportedIDs.has(id);

  // Resources by request: by the ledger, else by the arrival that sent the create.
  const firstOf = new Map<string, string>();
  let duplicates = 0;
  let orphans = 0;
  const ordered = [...resources.keys()].sort((one, other) => Number(known(other)) - Number(known(one)));
  for (const id of ordered) {
    const intent = arrivals.get(senders.get(id) ?? '');
    const request = owners.get(id) ?? `sent for ${intent?.number}`;
    const sender = `sent for ${intent?.number}`;
    if (firstOf.has(request) || (!known(id) && firstOf.has(sender))) duplicates++;
    else if (!known(id)) orphans++;
    firstOf.set(request, id);
    firstOf.set(sender, id);
  }
  return { resources: resources.size, duplicates, orphans, losses: lossesIn(results, resources) };
};

const lossesIn = (
  results: CallerResults,
  resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): number => {
  let losses = 0;
  const owners = new Map<string, Intent>();
  for (const [intent, id] of results) {
    if (id === undefined) continue;
    const owner = owners.get(id);
    owners.set(id, intent);
    const isAbsent = resources.get(id)?.name !== intent.body.name;
    // A request joins another one only if it has no key and is equal to it.
    const isAnothers =
      owner &&
      ((isKeyed(owner) && isKeyed(intent)) ||
        owner.caller !== intent.caller ||
        fingerprintOf(owner.body) !== fingerprintOf(intent.body));
    if (isAbsent || isAnothers) losses++;
  }
  return losses;
};

const isKeyed = ({ key }: Intent) => key !== undefined;

/** Resource id -> request id, by the ledger's items of names and of requests. */
export const ownersIn = async ({ dynamo, clock }: System): Promise<ReadonlyMap<string, string>> => {
  const owners = new Map<string, string>();
  const read = async () => {
    for await (const { Items = [] } of paginateScan(
      { client: dynamo },
      { TableName: ledgerTable, ConsistentRead: true },
    )) {
      for (const marshalled of Items) {
        const item = unmarshall(marshalled);
        for (const [id, request] of assignedIn(item)) owners.set(id, request);
        // A function that dies as it records a resource may leave it in the request's item alone.
        if (item.state === 'created') owners.set(item.resource, String(item.pk).split('#').at(-1) ?? '');
      }
    }
  };
  await clock.during(read());
  return owners;
};

/** The ids of the requests with an unknown outcome. */
export const openIDs = async ({ dynamo, clock }: System): Promise<ReadonlySet<string>> => {
  const open = await clock.during(openRequests({ dynamo, table: ledgerTable, endpoints, now: clock.now }));
  return new Set(open.map(({ id }) => id));
};
