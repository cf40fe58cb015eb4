import { once } from 'node:events';
import { createServer } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { startAws } from '../../infra/local/aws/aws.ts';
import { type SandboxOptions, startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { cachedAccessToken } from '../../lib/pingone/access-token.ts';
import { pingOneClient } from '../../lib/pingone/client.ts';
import { cachedCredentials } from '../../lib/pingone/credentials.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { openConnections } from '../../lib/runtime/connection.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanups.splice(0)) await close();
});

const start = async (options: Partial<SandboxOptions> = {}, secret: Record<string, unknown> = {}) => {
  const aws = await startAws();
  const sandbox = await startSandbox({ endpoints, ...options });
  cleanups.push(aws.close, sandbox.close);
  const publish = (changes = {}) => aws.secretsManager.put('worker', JSON.stringify({ ...sandbox.secret, ...changes }));
  publish(secret);
  const secrets = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: aws.credentials,
  });
  let offsetMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + offsetMs };
  const send = openConnections(clock);
  const credentials = cachedCredentials(secrets, 'worker', clock.now, () => {});
  const accessToken = cachedAccessToken(credentials, send, clock.now, 20_000, () => {});
  const pingOne = pingOneClient({ accessToken, send, clock, timeoutMs: 20_000 });
  return {
    sandbox,
    publish,
    pingOne,
    pass: (ms: number) => {
      offsetMs += ms;
    },
    token: () => pingOne.token(clock.now() + 20_000),
    create: async (name = 'one') =>
      pingOne.create(request(name), await pingOne.token(clock.now() + 20_000), clock.now() + 20_000),
    secretReads: () => aws.calls('secretsmanager.GetSecretValue'),
    tokenRequests: () => sandbox.requests.filter(({ path }) => path.endsWith('/as/token')).length,
  };
};

const endpoint: Endpoint = endpoints[0] ?? fail();
const { parameters, body } = endpoint.example;
const request = (name: string) => ({
  endpoint,
  parameters,
  body: { ...body, name },
  correlation: { transactionID: 'test' },
});

function fail(): never {
  throw new Error('there is no endpoint');
}

describe('the PingOne client', () => {
  it('reads the secret once and requests one token for 300 concurrent first requests', async () => {
    const { create, secretReads, tokenRequests } = await start();
    const replies = await Promise.all(Array.from({ length: 300 }, (_, index) => create(`n${index}`)));
    expect(new Set(replies.map(({ known }) => known))).toEqual(new Set(['created']));
    expect([secretReads(), tokenRequests()]).toEqual([1, 1]);
  });

  it('renews the token a minute before it expires, and reads the secret again after five minutes', async () => {
    const { create, pass, secretReads, tokenRequests } = await start();
    await create();
    pass(58 * 60_000);
    await create();
    expect([secretReads(), tokenRequests()]).toEqual([1, 1]);
    pass(61_000);
    await create();
    expect([secretReads(), tokenRequests()]).toEqual([2, 2]);
  });

  it('requests one new token for all callers whose token was refused', async () => {
    const { create, pingOne, token, sandbox, tokenRequests } = await start();
    await create();
    sandbox.application.revokeTokens();
    const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => create(`n${index}`)));
    expect(new Set(replies.map(({ known }) => known))).toEqual(new Set(['unauthorized']));
    const stale = await token();
    await Promise.all(Array.from({ length: 50 }, async () => pingOne.refused(stale)));
    await Promise.all(Array.from({ length: 50 }, (_, index) => create(`m${index}`)));
    pingOne.refused(stale);
    expect((await create()).known).toBe('created');
    expect(tokenRequests()).toBe(2);
  });

  it('reads the secret again if the token endpoint refuses the client: it may have been rotated', async () => {
    const { create, pingOne, token, sandbox, publish, secretReads } = await start();
    await create();
    sandbox.application.rotateSecret();
    sandbox.application.revokeTokens();
    publish();
    pingOne.refused(await token());
    expect((await create('two')).known).toBe('created');
    expect(secretReads()).toBe(2);
  });

  it('reports PINGONE_ACCESS_FAILED if the gateway is refused, and remembers that for ten seconds', async () => {
    const { create, pass, publish, secretReads, tokenRequests } = await start({}, { clientSecret: 'wrong' });
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED', status: 502 });
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    // The unchanged secret is not used a second time.
    expect([secretReads(), tokenRequests()]).toEqual([2, 1]);
    publish();
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    pass(10_001);
    expect((await create()).known).toBe('created');
  });

  it("requests its token at the secret's tokenUrl if that has no environment", async () => {
    const { create, publish, sandbox } = await start();
    const { authBase, environmentID } = sandbox.secret;
    const tokenUrl = `${authBase}/${environmentID}/as/token`;
    publish({ authBase: undefined, environmentID: undefined, tokenUrl });
    expect((await create()).known).toBe('created');
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'authenticates by %s',
    async (tokenEndpointAuthMethod) => {
      const { create } = await start({ tokenEndpointAuthMethod });
      expect((await create()).known).toBe('created');
    },
  );

  /** Changes the token endpoint's answers. */
  const withTokens = (change: (granted: Record<string, unknown>) => object, status = 200): Partial<SandboxOptions> => ({
    alter: ({ path }, outgoing) =>
      path.endsWith('/as/token') && typeof outgoing === 'object' && 'body' in outgoing
        ? { ...outgoing, status, body: JSON.stringify(change(JSON.parse(String(outgoing.body)))) }
        : outgoing,
  });

  it.each<[string, number, (granted: Record<string, unknown>) => object]>([
    ['a lifetime in digits', 3540, (granted) => ({ ...granted, expires_in: '3600' })],
    ['no lifetime, which is taken for five minutes', 240, ({ expires_in: _, ...granted }) => granted],
    ['null for its lifetime', 240, (granted) => ({ ...granted, expires_in: null })],
    ['a lifetime that is no number', 240, (granted) => ({ ...granted, expires_in: 'soon' })],
    ['a type in lower case', 3540, (granted) => ({ ...granted, token_type: 'bearer' })],
    ['odd members beside it', 3540, (granted) => ({ ...granted, token_type: null, scope: [], error: null })],
  ])('accepts a token with %s and caches it for %i s', async (_, seconds, change) => {
    const { create, pass, tokenRequests } = await start(withTokens(change));
    expect((await create()).known).toBe('created');
    pass((seconds - 2) * 1000);
    await create();
    expect(tokenRequests()).toBe(1);
    pass(3_000);
    expect((await create()).known).toBe('created');
    expect(tokenRequests()).toBe(2);
  });

  it.each<[string, object]>([
    ['no token', { access_token: undefined }],
    ['null for its token', { access_token: null }],
    ['a token that no header can hold', { access_token: 'a\nb' }],
  ])('sends no request with a token response that has %s', async (_, changes) => {
    const { create, sandbox } = await start(withTokens((granted) => ({ ...granted, ...changes })));
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    expect(sandbox.requests.filter(({ path }) => !path.endsWith('/as/token'))).toEqual([]);
  });

  it.each<[number, object]>([
    [400, { error: 'invalid_client', error_description: null, error_uri: 7 }],
    [400, { error: 'INVALID_CLIENT' }],
    [401, { error: null }],
    [401, { code: 'ACCESS_FAILED', message: 'm' }],
    [401, []],
  ])('reads the secret again if the token endpoint answers %i with %j', async (status, body) => {
    let refused = true;
    const options: Partial<SandboxOptions> = {
      alter: ({ path }, outgoing) =>
        path.endsWith('/as/token') && refused ? { status, body: JSON.stringify(body) } : outgoing,
    };
    const { create, publish, pass, secretReads } = await start(options);
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED', status: 502 });
    expect(secretReads()).toBe(2);
    refused = false;
    publish();
    pass(10_001);
    expect((await create()).known).toBe('created');
  });

  it.each<[number, object]>([
    [400, { error: 'invalid_request' }],
    [400, { error: { code: 'x' } }],
    [403, { message: 'Forbidden' }],
    [200, { error: 'invalid_client' }],
  ])('does not read the secret again if the token endpoint answers %i with %j', async (status, body) => {
    const { create, secretReads } = await start(withTokens(() => body, status));
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    expect(secretReads()).toBe(1);
  });

  it('names the missing members of a secret, and none of its values', async () => {
    const { create } = await start({}, { clientSecret: undefined, region: 'MARS-7', apiBase: 'http://example.com' });
    const problem = await create().catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    const { cause } = Object(problem);
    expect(cause.message).toContain('worker');
    expect(cause.message).toContain('clientSecret is required and must be a string');
    expect(cause.message).toContain('region must be one of NA, CA, EU, AU, SG, AP');
    expect(cause.message).toContain('apiBase must be an https URL');
    expect(cause.message).not.toMatch(/MARS|example\.com/);
  });

  it.each([302, 307])('follows no redirect of the token endpoint, which would get its secret: %i', async (status) => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    cleanups.push(async () => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { create } = await start({}, { authBase: `http://127.0.0.1:${Object(server.address()).port}` });
    await expect(create()).rejects.toMatchObject({ code: 'PINGONE_ACCESS_FAILED' });
    expect(asked).toEqual([expect.stringMatching(/\/as\/token$/)]);
  });

  it.each(['apiBase', 'authBase', 'tokenUrl'])('rejects a %s without TLS, except on this machine', async (member) => {
    for (const url of [
      'http://api.pingone.com/v1',
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'http://localhost@evil.example',
      'ftp://127.0.0.1',
      'file:///v1',
      '//127.0.0.1',
    ]) {
      const { create } = await start({}, { [member]: url });
      await expect(create()).rejects.toMatchObject({
        code: 'PINGONE_ACCESS_FAILED',
        cause: { message: expect.stringContaining(`${member} must be an https URL`) },
      });
    }
  });

  it('reports that nothing was sent if PingOne cannot be reached', async () => {
    const { create, sandbox } = await start();
    await create();
    await sandbox.close();
    expect(await create()).toMatchObject({ known: 'notSent', problem: { code: 'PINGONE_UNREACHABLE', status: 503 } });
  });

  it('lists and reads its resources', async () => {
    const { create, pingOne } = await start();
    const reply = await create();
    if (reply.known !== 'created') throw new Error(reply.known);
    const deadline = Date.now() + 5_000;
    expect(await pingOne.list(endpoint, parameters, deadline)).toMatchObject([{ id: reply.id, name: 'one' }]);
    expect(await pingOne.read(endpoint, parameters, reply.id, deadline)).toMatchObject({ status: 200 });
    expect(await pingOne.read(endpoint, parameters, 'absent', deadline)).toMatchObject({ status: 404 });
  });
});
