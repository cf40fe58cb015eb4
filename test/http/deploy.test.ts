import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deploymentExample } from '../../infra/documents/deployment-example.ts';
import { scope } from '../../infra/local/api-gateway/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import type { DeployFault } from '../../infra/local/sandbox/deploy-faults.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { deployment, endpoint, deploymentPath as path } from '../harness/deployable-endpoint.ts';
import { call } from '../harness/front-door.ts';

/** A free port: the grants name the issuer before it starts. */
const probe = await listen(0);
const { port, url } = probe;
await probe.close();
const issuer = `${url}/issuer`;
const callerWith = (name: string, change: object) => {
  const caller = callerOfAll(name, [{ jwt: { issuer, client: name } }]);
  const grants = caller.grants.map((grant) => ({ ...grant, endpoints: [endpoint.name], ...change }));
  return { ...caller, grants: grants.map(({ connectors, names, ...grant }) => grant) };
};
const grants: GrantsDocument = {
  version: '1',
  callers: [
    callerWith('deployer', { actions: ['create'], deploy: ['call'], pathPrefixes: ['/mine'] }),
    callerWith('reader', { actions: ['read'], deploy: undefined }),
    callerWith('creator', { actions: ['create'], deploy: undefined }),
    callerWith('automatic', { actions: ['create'], deploy: ['after'] }),
    callerWith('elsewhere', { apiServers: ['b82aa1c1-1a8e-4b6e-a43e-2266ebd57626'], deploy: ['call'] }),
    callerWith('late', { expires: '2020-01-01T00:00:00Z', deploy: ['call'] }),
  ],
};

let gateway: Gateway;
let fault: DeployFault | undefined;
const lines: string[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    port,
    awsPort: 0,
    grants,
    onLog: (line) => lines.push(line),
    sandbox: { faults: { deploy: () => fault } },
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  fault = undefined;
  lines.length = 0;
});

const ask = async (client: string, method = 'POST', headers: Readonly<Record<string, string>> = {}, body?: string) => {
  const token = await gateway.issuer.token({ clientId: client, scope });
  const type = method === 'POST' ? { 'content-type': deployment.contentType } : {};
  const all = { authorization: `Bearer ${token}`, ...type, ...headers };
  const response = await fetch(gateway.apiPath + path, { method, headers: all, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: Object(JSON.parse(text)) };
};
const sent = () =>
  gateway.sandbox.requests.filter(({ method, path: at }) => method === 'POST' && at === `/v1${path}`).length;
const lineOf = (kind: string) =>
  lines.map((line) => Object(JSON.parse(line))).find(({ message }) => message?.[kind])?.message[kind];

describe('the deployment of an API service', () => {
  it("answers with PingOne's own body, and puts what is configured into use", async () => {
    const authorization = `Bearer ${await gateway.issuer.token({ clientId: 'automatic', scope })}`;
    await call(gateway, endpoint, { body: endpoint.example.body, headers: { authorization } });
    const { status, json } = await ask('deployer');
    expect([status, json]).toMatchObject([200, { status: { code: 'DEPLOYMENT_SUCCESSFUL' } }]);
    const members = new Set(Object.keys(deploymentExample(endpoint, deployment)));
    expect(new Set(Object.keys(json))).toEqual(members);
    const state = await ask('deployer', 'GET');
    expect(state).toMatchObject({ status: 200, json });
    const { configured, enforced } = gateway.sandbox.deployment(path) ?? {};
    expect(configured).toBeGreaterThan(0);
    expect(enforced).toBe(configured);
  });

  it.each([
    ['application/json', undefined, 200],
    ['application/vnd.pingidentity.apiServer.deploy+json', undefined, 200],
    [`${deployment.contentType}; charset=utf-8`, undefined, 200],
    ['application/json', '{}', 415],
    ['text/plain', 'x', 415],
  ])('takes the content type %s with the body %s: %i', async (type, body, status) => {
    const before = sent();
    const answer = await ask('deployer', 'POST', { 'content-type': type }, body);
    expect(answer.status).toBe(status);
    expect(sent() - before).toBe(status === 200 ? 1 : 0);
    if (status === 415) expect(answer.json).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it.each([
    ['deployer', 200, 200],
    ['reader', 403, 200],
    ['creator', 403, 403],
    ['automatic', 403, 403],
    ['elsewhere', 403, 403],
    ['late', 403, 403],
    ['unknown', 403, 403],
  ])('by %s is %i, and its state %i', async (client, post, get) => {
    const before = sent();
    expect((await ask(client)).status).toBe(post);
    expect(sent() - before).toBe(post === 200 ? 1 : 0);
    expect((await ask(client, 'GET')).status).toBe(get);
  });

  it('leaves one line with ids and codes', async () => {
    await ask('deployer');
    expect(lineOf('deployment')).toMatchObject({
      ...{ door: 'http', endpoint: endpoint.name, caller: 'deployer', grant: 'all', outcome: 'deployed' },
      ...{ code: 'DEPLOYMENT_SUCCESSFUL', parameters: endpoint.example.parameters, ms: expect.any(Number) },
    });
    await ask('creator');
    expect(lines.join('')).toContain('"dimension":"deploy"');
    await ask('deployer', 'GET');
    expect(lineOf('read')).toMatchObject({ outcome: 'read', resource: 'deployment' });
  });

  it('is refused for an id that is none', async () => {
    const response = await fetch(gateway.apiPath + path.replace(/[\w-]+\/deployment$/, 'x/deployment'), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await gateway.issuer.token({ clientId: 'deployer', scope })}`,
        'content-type': deployment.contentType,
      },
    });
    expect(response.status).toBe(400);
  });
});

describe('a deployment that PingOne does not answer well', () => {
  it.each([
    [{ kind: 'deployRefused', status: 404 }, 404, 'NOT_FOUND'],
    [{ kind: 'deployRefused', status: 403 }, 403, 'ACCESS_FAILED'],
    [{ kind: 'deployBusy' }, 409, 'CONFLICT'],
    [{ kind: 'deployLimited', retryAfter: 7 }, 429, 'REQUEST_LIMITED'],
    [{ kind: 'deployErrs', status: 500 }, 503, 'DEPLOYMENT_UNKNOWN'],
    [{ kind: 'deployErrs', status: 502 }, 503, 'DEPLOYMENT_UNKNOWN'],
  ] satisfies [DeployFault, number, string][])('%j is %i %s', async (given, status, code) => {
    fault = given;
    const answer = await ask('deployer');
    expect(answer).toMatchObject({ status, json: { code } });
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('7');
  });

  it("passes on PingOne's own failure", async () => {
    fault = { kind: 'deployFails' };
    expect(await ask('deployer')).toMatchObject({ status: 200, json: { status: { code: 'DEPLOYMENT_FAILED' } } });
  });

  it('is looked up, if its answer was lost', async () => {
    // Longer than a second, the precision of PingOne's Date.
    fault = { kind: 'deployThenReset', afterMs: 2_100 };
    const before = sent();
    expect(await ask('deployer')).toMatchObject({ status: 200, json: { status: { code: 'DEPLOYMENT_SUCCESSFUL' } } });
    expect(sent() - before).toBe(1);
  });

  it('says that PingOne is still deploying, and the next call looks first', async () => {
    fault = { kind: 'deployInProgress', afterMs: 1_000 };
    expect(await ask('deployer')).toMatchObject({
      status: 200,
      json: { status: { code: expect.stringContaining('IN_PROGRESS') } },
    });
    fault = undefined;
    const before = sent();
    const meanwhile = await ask('deployer');
    expect([meanwhile.status, meanwhile.json.code]).toEqual([429, 'NAME_BUSY']);
    expect(sent()).toBe(before);
    await expect.poll(async () => (await ask('deployer')).status, { timeout: 5_000 }).toBe(200);
    expect(gateway.sandbox.deployment(path)?.mostAtOnce).toBe(1);
  });

  it('runs once at a time', async () => {
    fault = { kind: 'deploySlow', afterMs: 300 };
    const answers = await Promise.all([ask('deployer'), ask('deployer'), ask('deployer')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    expect(gateway.sandbox.deployment(path)?.mostAtOnce).toBe(1);
  });
});
