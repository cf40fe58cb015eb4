import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { openRequests } from '../../infra/operator/open-requests.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { takenOf } from '../../lib/ledger/items.ts';
import { fingerprintOf } from '../../lib/provision/identity.ts';
import { collectionOf } from '../harness/front-door.ts';
import type { System } from '../harness/system.ts';
import type { Figures } from './figures.ts';
import type { Intent } from './intents.ts';

/** What each caller learnt in the end: the id of a resource, or that there is none. */
export type Told = Map<Intent, string | undefined>;

/** Compares what PingOne has with what callers were told and what records say. */
export const compare = (
  { sandbox }: Pick<System, 'sandbox'>,
  told: Told,
  arrivals: ReadonlyMap<string, Intent>,
  senders: ReadonlyMap<string, string>,
  taken: ReadonlyMap<string, string>,
): Pick<Figures, 'resources' | 'duplicates' | 'losses' | 'orphans'> => {
  const resources = new Map(
    endpoints.flatMap((endpoint) =>
      sandbox.resources(collectionOf(endpoint)).map((resource) => [resource.id, resource]),
    ),
  );
  const toldIDs = new Set(told.values());
  const known = (id: string) => taken.has(id) || toldIDs.has(id);

  // One request's resources: by its record, else by who made PingOne create it.
  const firstOf = new Map<string, string>();
  let duplicates = 0;
  let orphans = 0;
  const ordered = [...resources.keys()].sort((one, other) => Number(known(other)) - Number(known(one)));
  for (const id of ordered) {
    const intent = arrivals.get(senders.get(id) ?? '');
    const request = taken.get(id) ?? `sent for ${intent?.number}`;
    const sender = `sent for ${intent?.number}`;
    if (firstOf.has(request) || (!known(id) && firstOf.has(sender))) duplicates++;
    else if (!known(id)) orphans++;
    firstOf.set(request, id);
    firstOf.set(sender, id);
  }
  return { resources: resources.size, duplicates, orphans, losses: lossesIn(told, resources) };
};

const lossesIn = (told: Told, resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>): number => {
  let losses = 0;
  const owners = new Map<string, Intent>();
  for (const [intent, id] of told) {
    if (id === undefined) continue;
    const owner = owners.get(id);
    owners.set(id, intent);
    const isAbsent = resources.get(id)?.name !== intent.body.name;
    // Only without a key of its own does a request join another, and only one that is the same.
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
export const takenIn = async ({ dynamo, clock }: System): Promise<ReadonlyMap<string, string>> => {
  const taken = new Map<string, string>();
  const read = async () => {
    for await (const { Items = [] } of paginateScan(
      { client: dynamo },
      { TableName: ledgerTable, ConsistentRead: true },
    )) {
      for (const marshalled of Items) {
        const item = unmarshall(marshalled);
        for (const [id, request] of takenOf(item)) taken.set(id, request);
        // A function that dies as it records a resource may leave it in the request's item alone.
        if (item.state === 'created') taken.set(item.resource, String(item.pk).split('#').at(-1) ?? '');
      }
    }
  };
  await clock.during(read());
  return taken;
};

/** The ids of the requests whose outcome nobody knows. */
export const openIDs = async ({ dynamo, clock }: System): Promise<ReadonlySet<string>> => {
  const open = await clock.during(openRequests({ dynamo, table: ledgerTable, endpoints, now: clock.now }));
  return new Set(open.map(({ id }) => id));
};
