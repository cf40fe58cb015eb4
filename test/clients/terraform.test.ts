import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { scope } from '../../infra/local/api-gateway/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { callerOfAll, localClient } from '../../infra/local/gateway/local-grants.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import { refusal } from '../../infra/local/sandbox/refusal.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { environmentPath, fillPath } from '../../lib/endpoints/path.ts';
import { collectionOf } from '../harness/front-door.ts';
import { ApiError, decoded, goSdk } from './terraform/go-sdk.ts';
import { listOf, models } from './terraform/models.ts';
import { terraform } from './terraform/provider.ts';

/** A free port: the grants name the issuer before it starts. */
const probe = await listen(0);
const { port, url } = probe;
await probe.close();
const callerWith = (name: string, change: object) => {
  const caller = callerOfAll(name, [{ jwt: { issuer: `${url}/issuer`, client: name } }]);
  return { ...caller, grants: caller.grants.map((grant) => ({ ...grant, ...change })) };
};

let gateway: Gateway;
/** How many creates PingOne refuses, as it does while permissions lag. */
let refusals = 0;
beforeAll(async () => {
  gateway = await startGateway({
    ...{ port, awsPort: 0, onLog: () => {} },
    grants: {
      version: '1',
      callers: [
        callerWith(localClient, {}),
        callerWith('with-secrets', { secrets: true }),
        callerWith('creator', { actions: ['create'] }),
      ],
    },
    sandbox: {
      intercept: async (moment) => {
        if (moment !== 'before' || refusals === 0) return undefined;
        refusals--;
        return refusal(403, 'ACCESS_FAILED', 'The actor attempting to perform the request is not authorized.');
      },
    },
  });
});
afterAll(() => gateway.close());

const modelOf = ({ name }: Endpoint) => {
  const model = models.get(name);
  if (model === undefined) throw new Error(`the Go SDKs have no model for ${name}`);
  return model;
};
const sdkOf = async (client: string) =>
  goSdk(gateway.apiPath, await gateway.issuer.token({ clientId: client, scope }), async () => {});
const providerOf = async (endpoint: Endpoint, client = localClient) =>
  terraform(await sdkOf(client), {
    environmentPath: fillPath(environmentPath, endpoint.example.parameters),
    collectionPath: collectionOf(endpoint),
    model: modelOf(endpoint),
  });
const configOf = ({ name, example }: Endpoint) => ({
  ...example.body,
  name: `Terraform ${randomUUID()}`,
  ...(name === createConnectorInstance.name && {
    properties: {
      baseUrl: { type: 'string', value: 'https://api.example.com' },
      clientSecret: { type: 'string', secure: true, value: 'hidden' },
    },
  }),
});
const sent = (method: string) =>
  gateway.sandbox.requests.filter((each) => each.method === method && each.path.startsWith('/v1/'));
const resourcesOf = (endpoint: Endpoint) => gateway.sandbox.resources(collectionOf(endpoint));

const modelled = endpoints.filter(({ name }) => models.has(name));

it('the client has models of both resources that the provider has', () => {
  expect(modelled).toHaveLength(2);
});

describe.each(modelled)("Terraform's provider, for $name", (endpoint) => {
  it.each([localClient, 'with-secrets'])(
    'creates after two refusals, refreshes, plans no difference, and fails loudly to destroy, as %s',
    async (client) => {
      const provider = await providerOf(endpoint, client);
      const config = configOf(endpoint);
      const before = sent('POST').length;
      refusals = 2;
      await provider.apply(config);
      expect(sent('POST')).toHaveLength(before + 3);
      const id = provider.state?.id;
      expect(resourcesOf(endpoint).filter(({ name }) => name === config.name)).toMatchObject([{ id }]);

      await provider.refresh();
      expect(provider.state?.id).toBe(id);
      expect(provider.plan(config)).toEqual([]);
      expect(provider.plan({ ...config, name: 'Another' })).toEqual(['name']);

      await expect(provider.destroy()).rejects.toMatchObject({
        ...{ name: 'ApiError', status: 403 },
        model: { code: 'ACCESS_FAILED', message: expect.stringContaining('nothing was changed') },
      });
      await expect(provider.update(config)).rejects.toMatchObject({ status: 403, model: { code: 'ACCESS_FAILED' } });
      expect(provider.state?.id).toBe(id);
      expect([...sent('PUT'), ...sent('DELETE')].filter(({ path }) => path.endsWith(`/${id}`))).toEqual([]);

      await provider.refresh();
      expect(provider.plan(config)).toEqual([]);
      await provider.apply(config);
      expect(sent('POST')).toHaveLength(before + 3);
    },
  );

  it('drops a resource that was deleted in PingOne, and nothing that it may not read', async () => {
    const provider = await providerOf(endpoint);
    await provider.apply(configOf(endpoint));
    const unread = await providerOf(endpoint, 'creator');
    await unread.apply(configOf(endpoint));
    await expect(unread.refresh()).rejects.toMatchObject({ status: 403, model: { code: 'ACCESS_FAILED' } });
    expect(unread.state).toBeDefined();

    await fetch(`${gateway.sandbox.apiBase}${collectionOf(endpoint)}/${provider.state?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${await pingOneToken()}` },
    });
    await provider.refresh();
    expect(provider.state).toBeUndefined();
  });

  it('lists its resources with the required members', async () => {
    const sdk = await sdkOf(localClient);
    const path = collectionOf(endpoint);
    const collection = path.slice(path.lastIndexOf('/') + 1);
    const { _embedded, count, size } = await sdk.call('GET', path, listOf(collection, modelOf(endpoint)));
    const rows = _embedded[collection] ?? [];
    expect(rows.map(({ id }) => id).toSorted()).toEqual(
      resourcesOf(endpoint)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect([count, size]).toEqual([rows.length, rows.length]);
  });

  it('reads why a create is invalid or denied, though it asks for the environment first', async () => {
    const provider = await providerOf(endpoint);
    const before = sent('GET').length;
    const invalid = provider.apply({ ...configOf(endpoint), name: undefined });
    await expect(invalid).rejects.toMatchObject({
      status: 400,
      model: { code: 'INVALID_DATA', details: [{ code: 'REQUIRED_VALUE', target: 'name' }] },
    });
    expect(sent('GET').slice(before)).toMatchObject([{ path: expect.stringMatching(/^\/v1\/environments\/[^/]+$/) }]);
    const stranger = await providerOf(endpoint, 'stranger');
    await expect(stranger.apply(configOf(endpoint))).rejects.toMatchObject({
      status: 403,
      model: { details: [{ code: 'INSUFFICIENT_PERMISSIONS' }] },
    });
  });
});

const pingOneToken = async (): Promise<string> => {
  const { authBase, environmentID, clientId, clientSecret } = gateway.sandbox.secret;
  const response = await fetch(`${authBase}/${environmentID}/as/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return Object(await response.json()).access_token;
};

it('the decoder keeps no more than the status of an error with another content type', async () => {
  const body = JSON.stringify({ id: 'x', code: 'INVALID_DATA', message: 'x' });
  const answer = (type: string) => new Response(body, { status: 400, headers: { 'content-type': type } });
  const modelIn = (type: string) =>
    decoded(answer(type), z.unknown()).catch((error: unknown) => (error instanceof ApiError ? error.model : error));
  expect(await modelIn('application/problem+json')).toBeUndefined();
  expect(await modelIn('application/json; charset=utf-8')).toMatchObject({ code: 'INVALID_DATA' });
  expect(await modelIn('application/vnd.pingidentity.x+json')).toMatchObject({ code: 'INVALID_DATA' });
});
