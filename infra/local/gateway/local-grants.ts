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

/** Grants everything to the local client, role, event source and source of webhooks, with deployments after creates. */
export const localGrants = (issuer: string): GrantsDocument => {
  const client = { jwt: { issuer, client: localClient } };
  const role = { iam: { account, role: localRole } };
  const sender = { event: { account, source: localSource } };
  const local = callerOfAll('local', [client, sender, role, { webhook: localWebhook }]);
  const grants = local.grants.map((grant) => ({ ...grant, deploy: [...deploys] }));
  return { version: '1', callers: [{ ...local, grants }] };
};

const [call] = deploys;

/** A caller that may create and read everything everywhere, and deploy it by a call. */
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
    deploy: [call],
  };
  return { name, principals, grants: [{ name: 'all', ...where, ...Object.fromEntries(granted) }] };
};
