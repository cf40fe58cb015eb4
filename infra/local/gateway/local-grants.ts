import { endpoints } from '../../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../../lib/grants/document.ts';
import { writtenLimits } from '../../../lib/grants/limits/limits.ts';
import { account } from '../aws/account.ts';

type Caller = GrantsDocument['callers'][number];

/** The client of the local issuer that `/local` has tokens of. */
export const localClient = 'local';

/** What the printed commands ask by event as. */
export const localSource = 'com.example.catalogue';

/** Grants everything to whoever is on this machine: its client, and events from its source. */
export const localGrants = (issuer: string): GrantsDocument => {
  const client = { jwt: { issuer, client: localClient } };
  const sender = { event: { account, source: localSource } };
  return { version: '1', callers: [callerOfAll('local', [client, sender])] };
};

/** A caller that may make everything everywhere. */
export const callerOfAll = (name: string, principals: Caller['principals']): Caller => {
  const limits = endpoints.map(({ grants }) => grants);
  const granted = Object.entries(writtenLimits)
    .filter(([limit]) => limits.some((own) => limit in own))
    .map(([limit, { everything }]) => [limit, everything]);
  const where = { endpoints: endpoints.map((endpoint) => endpoint.name), environments: ['*'], production: true };
  return { name, principals, grants: [{ name: 'all', ...where, ...Object.fromEntries(granted) }] };
};
