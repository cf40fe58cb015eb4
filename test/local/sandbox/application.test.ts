import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import { accessTokenOf } from '../../harness/sandbox-client.ts';

let sandbox: Sandbox;

const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await startSandbox({ endpoints: [], ...options });
};

afterEach(() => sandbox.close());

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const token = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const { authBase, environmentID } = sandbox.secret;
  const response = await fetch(`${authBase}/${environmentID}/as/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: Object(await response.json()) };
};

const grant = { grant_type: 'client_credentials' };

/** An accepted token gets 404 in a sandbox without endpoints. */
const statusWith = async (accessToken: string) => {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${sandbox.apiBase}/anything`, { headers })).status;
};

describe('the token endpoint of the sandbox', () => {
  it('issues a bearer token for an hour to client_secret_basic', async () => {
    await start();
    const { clientId, clientSecret } = sandbox.secret;
    const { status, body } = await token(grant, basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret)));
    expect({ status, body }).toEqual({
      status: 200,
      body: { access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 },
    });
    expect(await statusWith(body.access_token)).toBe(404);
  });

  it('issues one to client_secret_post if the application is configured for that', async () => {
    await start({ tokenEndpointAuthMethod: 'client_secret_post' });
    const { clientId: client_id, clientSecret: client_secret } = sandbox.secret;
    expect((await token({ ...grant, client_id, client_secret })).status).toBe(200);
    expect(await token(grant, basic(client_id, client_secret))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: 'Unsupported authentication method' },
    });
  });

  it('rejects the other method, a wrong secret, a wrong client and no client', async () => {
    await start();
    const { clientId, clientSecret } = sandbox.secret;
    const refused = { status: 401, body: { error: 'invalid_client', error_description: expect.any(String) } };
    expect(await token({ ...grant, client_id: clientId, client_secret: clientSecret })).toEqual(refused);
    expect(await token(grant, basic(clientId, 'wrong'))).toEqual(refused);
    expect(await token(grant, basic('wrong', clientSecret))).toEqual(refused);
    expect(await token(grant)).toEqual(refused);
  });

  it('rejects other grant types', async () => {
    await start();
    const headers = basic(sandbox.secret.clientId, sandbox.secret.clientSecret);
    expect(await token({ grant_type: 'password' }, headers)).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect(await token({}, headers)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it("exists only in the application's environment", async () => {
    await start();
    const { authBase } = sandbox.secret;
    expect((await fetch(`${authBase}/another/as/token`, { method: 'POST' })).status).toBe(404);
  });
});

describe('an access token of the sandbox', () => {
  it('expires after an hour of the clock', async () => {
    let now = 0;
    await start({ clock: { ...systemClock, now: () => now } });
    const accessToken = await accessTokenOf(sandbox);
    now = 3_599_999;
    expect(await statusWith(accessToken)).toBe(404);
    now = 3_600_000;
    expect(await statusWith(accessToken)).toBe(401);
  });

  it('outlives a rotated secret, which issues no token any more', async () => {
    await start();
    const accessToken = await accessTokenOf(sandbox);
    const { clientId, clientSecret } = sandbox.secret;
    sandbox.application.rotateSecret();
    expect(await statusWith(accessToken)).toBe(404);
    expect((await token(grant, basic(clientId, clientSecret))).status).toBe(401);
    expect((await token(grant, basic(clientId, sandbox.secret.clientSecret))).status).toBe(200);
  });

  it('expires when all are revoked', async () => {
    await start();
    const accessToken = await accessTokenOf(sandbox);
    sandbox.application.revokeTokens();
    expect(await statusWith(accessToken)).toBe(401);
  });
});
