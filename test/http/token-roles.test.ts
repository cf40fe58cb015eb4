import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { localClient } from '../../infra/local/gateway/local-grants.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { call, collectionOf } from '../harness/front-door.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, roles: ['Provision', 'Operate'], onLog: () => {} });
});
afterAll(() => gateway.close());

const authorizationWith = async (claims: { roles?: readonly string[] }) => {
  const token = await gateway.issuer.token({ clientId: localClient, scope: '', claims });
  return `Bearer ${token}`;
};
const read = async (path: string, authorization: string) =>
  (await fetch(gateway.apiPath + path, { headers: { authorization } })).status;

it.each(endpoints)('a token with one of the roles and no scope may create and read, for $name', async (endpoint) => {
  const authorization = await authorizationWith({ roles: ['Operate'] });
  const { status, headers } = await call(gateway, endpoint, { headers: { authorization } });
  expect(status).toBe(201);
  expect(await read(collectionOf(endpoint), authorization)).toBe(200);
  expect(await read(`/requests/${headers.get('provisioner-request')}`, authorization)).toBe(200);
});

it.each(endpoints)('a token without the roles may do nothing, for $name', async (endpoint) => {
  const own = await call(gateway, endpoint);
  expect(own.status).toBe(201);
  const authorization = await authorizationWith({ roles: ['Audit'] });
  const { status, json } = await call(gateway, endpoint, { headers: { authorization } });
  expect([status, json.code, json.message]).toEqual([
    403,
    'ACCESS_FAILED',
    'Denied by the dimension principal: no caller has this principal: the token has none of the roles Provision, Operate.',
  ]);
  expect(await read(collectionOf(endpoint), authorization)).toBe(403);
  expect(await read(`/requests/${own.headers.get('provisioner-request')}`, authorization)).toBe(404);
});
