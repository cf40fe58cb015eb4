import { type Service, serviceOf } from '../../../lib/deploy/service.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { membersOf } from '../loopback/json.ts';
import type { Observers } from './journal.ts';
import type { LedgerItem, Tone } from './observation.ts';
import { addStep, type Row } from './row.ts';

/** Changes of the journal by the deployment of a service, as its item in the ledger has it, and by its pending deployments. */
export const observeDeployments: Observers<'deployment' | 'pendingDeployments'> = {
  deployment: (journal, { endpoint, service, item, enforcement }) => {
    for (const row of journal.rows())
      if (row.endpoint === endpoint && serviceIn(row)?.path === service)
        journal.change(row.id, (own) => {
          own.deployment = { item, enforcement };
        });
  },

  pendingDeployments: (journal, { requests, invocation }, at) => {
    for (const request of requests) {
      journal.alias(request, invocation);
      const step = { at, part: 'queue', text: 'The pending deployment was delivered', tone: 'plain' } as const;
      journal.change(request, (row) => addStep(row, step));
    }
  },
};

const serviceIn = ({ endpoint: name, item }: Row): Service | undefined => {
  const endpoint = endpoints.find((each) => each.name === name);
  const texts = Object.entries(membersOf(item?.parameters)).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value]] : [],
  );
  return endpoint?.deployment && item ? serviceOf(endpoint, Object.fromEntries(texts)) : undefined;
};

/** The deployment of a created resource in words; undefined if its endpoint needs none, or nothing is known of it. */
export const deploymentOf = (row: Row): { readonly text: string; readonly tone: Tone } | undefined => {
  const { item, deployment } = row;
  const service = serviceIn(row);
  if (!service || !deployment || item?.state !== 'created') return undefined;
  const { text, tone } = states[stateOf(Number(item.deploymentNumber ?? 0), deployment.item)];
  const { enforcement } = deployment;
  const what = service.endpoint.path.slice(service.endpoint.path.lastIndexOf('/') + 1);
  const counts =
    enforcement && ` PingOne enforces ${enforcement.enforced} of ${enforcement.configured} configured ${what}.`;
  return { text: `${text}${counts ?? ''}`, tone };
};

const stateOf = (deploymentNumber: number, item: LedgerItem): keyof typeof states => {
  if (deploymentNumber === 0) return 'byCall';
  if (Number(item.deployed ?? 0) >= deploymentNumber) return 'deployed';
  if (item.openBy !== undefined) return 'deploying';
  return Number(item.failures ?? 0) > 0 ? 'failed' : 'wanted';
};

const states = {
  byCall: { text: 'Not deployed after its create: its grant does not say so.', tone: 'plain' },
  wanted: { text: 'Waits for its deployment.', tone: 'open' },
  deploying: { text: 'Is being deployed.', tone: 'open' },
  deployed: { text: 'Deployed.', tone: 'good' },
  failed: { text: 'The deployment failed; it is tried again.', tone: 'bad' },
} as const;
