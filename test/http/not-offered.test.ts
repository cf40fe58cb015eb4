import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherMethods } from '../../infra/documents/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
});
afterAll(() => gateway.close());

const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
  const authorization = `Bearer ${gateway.accessToken}`;
  const response = await fetch(gateway.apiPath + path, { method, headers: { authorization, ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const paths = [
  '/environments',
  '/x',
  '/requests',
  '/a//b/%2F..',
  ...endpoints.map((each) => `${collectionOf(each)}/1/2`),
];

describe('what the gateway does not offer', () => {
  it.each(otherMethods)('is refused with 403 for %s, so that no client takes it for deleted', async (method) => {
    for (const path of paths) {
      const { status, headers, text } = await ask(method, path);
      expect([path, status]).toEqual([path, 403]);
      expect(headers.get('content-type')).toBe('application/json');
      if (method === 'HEAD') continue;
      expect(JSON.parse(text)).toMatchObject({
        id: expect.stringMatching(/./),
        code: 'ACCESS_FAILED',
        message: expect.stringContaining(`POST /v1${endpoints[0]?.path}`),
        details: [{ code: 'INSUFFICIENT_PERMISSIONS', innerError: { dimension: 'endpoint' } }],
      });
    }
    expect(gateway.sandbox.requests).toEqual([]);
  });

  it('is refused for a change of a resource, or its deletion', async () => {
    for (const endpoint of endpoints) {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        expect((await ask(method, `${collectionOf(endpoint)}/1`)).status).toBe(403);
      }
    }
  });

  it('needs a token', async () => {
    expect((await ask('DELETE', '/x', { authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  it('is not OPTIONS, which has no token, nor the status of a request, which stays 404', async () => {
    expect((await ask('OPTIONS', '/x')).status).toBe(404);
    const status = await ask('GET', `/requests/${'0'.repeat(64)}`);
    expect([status.status, JSON.parse(status.text).code]).toEqual([404, 'NOT_FOUND']);
  });
});
