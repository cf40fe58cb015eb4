import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { Grant, GrantsDocument } from '../../lib/grants/document.ts';
import type { AccessRequest } from '../../lib/grants/first-failure.ts';

const named = (name: string): Endpoint => {
  const found = endpoints.find((endpoint) => endpoint.name === name);
  if (!found) throw new Error(`there is no endpoint ${name}`);
  return found;
};

export const instances = named('create-connector-instance');
export const operations = named('create-api-server-operation');

export const environment = 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6';
export const apiServer = 'a82aa1c1-1a8e-4b6e-a43e-2266ebd57626';
export const elsewhere = '11111111-2222-4333-8444-555555555555';

export const now = Date.UTC(2026, 0, 1);

export const instanceGrant = (more: Partial<Grant> = {}): Grant => ({
  name: 'instances',
  endpoints: [instances.name],
  environments: [environment],
  connectors: ['httpConnector'],
  names: ['ci-*'],
  ...more,
});

export const operationGrant = (more: Partial<Grant> = {}): Grant => ({
  name: 'operations',
  endpoints: [operations.name],
  environments: [environment],
  apiServers: [apiServer],
  pathPrefixes: ['/orders'],
  ...more,
});

export const role = { iam: { account: '123456789012', role: 'Platform' } };

export const documentWith = (...grants: readonly Grant[]): GrantsDocument => ({
  version: '1',
  nonProduction: [environment],
  callers: [{ name: 'platform', principals: [role], grants: [...grants] }],
});

export const anInstance = (body: object = {}): AccessRequest => ({
  endpoint: instances,
  parameters: { environmentID: environment },
  body: { name: 'ci-1', connector: { id: 'httpConnector' }, ...body },
});

export const anOperation = (body: object = {}): AccessRequest => ({
  endpoint: operations,
  parameters: { environmentID: environment, apiServerID: apiServer },
  body: {
    name: 'any',
    paths: [{ type: 'EXACT', pattern: '/orders' }],
    accessControl: { group: { groups: [{ id: 'g' }] } },
    ...body,
  },
});
