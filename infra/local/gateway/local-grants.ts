import { endpoints } from '../../../lib/endpoints/index.ts';
import { actions, deploys, type GrantsDocument } from '../../../lib/grants/document.ts';
import { writtenLimits } from '../../../lib/grants/limits/limits.ts';
import { account } from '../aws/account.ts';
import { localWebhook } from './local-webhook.ts';

type Caller = GrantsDocument['callers'][number];

/** The client of the local issuer that gets a token from `/local`. */
export const localClient = 'local';

/** The IAM role whose credentials `/local` has. */
export const localRole = 'local';

/** The event source of the printed commands. */
export const localSource = 'com.example.catalogue';

/** Grants everything to the local client, role, event source and source of webhooks. */
export const localGrants = (issuer: string): GrantsDocument => {
  const client = { jwt: { issuer, client: localClient } };
  const role = { iam: { account, role: localRole } };
  const sender = { event: { account, source: localSource } };
  return { version: '1', callers: [callerOfAll('local', [client, sender, role, { webhook: localWebhook }])] };
};

/** A caller that may create, read and deploy everything everywhere. */
export const callerOfAll = (name: string, principals: Caller['principals']): Caller => {
  const limits = endpoints.map(({ grants }) => grants);
  const granted = Object.entries(writtenLimits)
    .filter(([limit]) => limits.some((own) => limit in own))
    .map(([limit, { everything }]) => [limit, everything]);
  const where = {
    endpoints: endpoints.map((endpoint) => endpoint.name),
    actions: [...actions],
    environments: ['*'],
    production: true,
    deploy: deploys.filter((kind) => kind === 'call'),
  };
  return { name, principals, grants: [{ name: 'all', ...where, ...Object.fromEntries(granted) }] };
};
