import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../infra/local/aws/event-bridge/event.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import { callerOfAll, localClient, localRole, localSource } from '../../infra/local/gateway/local-grants.ts';
import { listen } from '../../infra/local/loopback/loopback.ts';
import { signedHeaders } from '../../infra/operator/send/signature.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { settingsFor } from '../harness/aws-settings.ts';
import { collectionOf } from '../harness/front-door.ts';

/** A free port: the grants name the issuer before it starts. */
const probe = await listen(0);
const port = Number(new URL(probe.url).port);
await probe.close();

const account = '000000000000';
const issuer = `http://127.0.0.1:${port}/issuer`;
const token = (client: string) => ({ jwt: { issuer, client } });
const role = { iam: { account, role: localRole } };
const sender = { event: { account, source: localSource } };

const outcomes: BusEvent[] = [];
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    ...{ port, awsPort: 0, onLog: () => {}, onOutcome: (event) => void outcomes.push(event) },
    grants: {
      version: '1',
      callers: [callerOfAll('platform', [token(localClient), role, sender]), callerOfAll('other', [token('other')])],
    },
  });
});
afterAll(() => gateway.close());

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const json = { 'content-type': 'application/json' };

const answered = async (url: URL, { method = 'GET', headers = {}, body }: Asked) => {
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, headers: response.headers, json: Object(await response.json()) };
};

const byToken = async (asked: Asked, client = localClient) => {
  const authorization = `Bearer ${await gateway.issuer.token({ clientId: client, scope: 'provision' })}`;
  return answered(new URL(asked.path, gateway.url), { ...asked, headers: { ...asked.headers, authorization } });
};

const byRole = async (asked: Asked) => {
  const { method = 'GET', path, headers = {}, body } = asked;
  const url = new URL(path, gateway.url);
  const unsigned = { method, url, headers, body: body === undefined ? '' : JSON.stringify(body) };
  const { host: _, ...signed } = await signedHeaders(unsigned, 'us-east-1', gateway.iam.credentials);
  return answered(url, { ...asked, headers: signed });
};

const byEvent = async (endpoint: Endpoint, idempotencyKey: string, body: object) => {
  const client = new EventBridgeClient(settingsFor(gateway.awsEndpoint));
  const Detail = JSON.stringify({ version: '1', ...endpoint.example.parameters, idempotencyKey, body });
  const entry = { EventBusName: 'pingone-provisioner', Source: localSource, DetailType: endpoint.event, Detail };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  client.destroy();
};

const create = (endpoint: Endpoint, basePath: string, key: string, body: object, headers = {}) => ({
  method: 'POST',
  path: `${basePath}/v1${collectionOf(endpoint)}`,
  headers: { ...json, 'idempotency-key': key, ...headers },
  body,
});

describe.each(endpoints)('$name for callers of several kinds on one stage', (endpoint) => {
  const named = (name: string) => ({ ...endpoint.example.body, name, ...(pathsOf(endpoint, name) ?? {}) });

  it('creates once for a key that one caller sends as a client, a role and a sender of events', async () => {
    const body = named('shared');
    const first = await byToken(create(endpoint, '', 'shared', body));
    expect([first.status, first.headers.get('provisioner-outcome')]).toEqual([201, 'created']);
    const second = await byRole(create(endpoint, '/iam', 'shared', body));
    expect([second.status, second.headers.get('provisioner-outcome')]).toEqual([201, 'replayed']);
    expect(second.json.id).toBe(first.json.id);
    await byEvent(endpoint, 'shared', body);
    const told = () => outcomes.filter(({ detail }) => detail.idempotencyKey === 'shared').map(({ detail }) => detail);
    await expect
      .poll(told, { timeout: 10_000 })
      .toContainEqual(
        expect.objectContaining({ how: 'replayed', resource: expect.objectContaining({ id: first.json.id }) }),
      );
  });

  it('refuses a key of one kind with another body from another kind', async () => {
    await byRole(create(endpoint, '/iam', 'reused', named('reused')));
    const second = await byToken(create(endpoint, '', 'reused', named('other')));
    expect([second.status, second.json.code]).toEqual([422, 'KEY_REUSED']);
  });

  it('shares no key between callers, whatever their kinds are', async () => {
    const first = await byRole(create(endpoint, '/iam', 'own', named('own')));
    const second = await byToken(create(endpoint, '', 'own', named('own-too')), 'other');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.id).not.toBe(first.json.id);
  });

  it('answers 202 with a Location below the base path of the caller, which either kind of the caller reads', async () => {
    const prefer = { prefer: 'respond-async' };
    const accepted = await byRole(create(endpoint, '/iam', 'later', named('later'), prefer));
    expect([accepted.status, accepted.headers.get('location')]).toEqual([202, `/iam/v1/requests/${accepted.json.id}`]);
    const path = `${accepted.headers.get('location')}`;
    await expect.poll(async () => (await byRole({ path })).json.state, { timeout: 10_000 }).toBe('created');
    const own = path.replace('/iam', '');
    expect((await byToken({ path: own })).json).toEqual((await byRole({ path })).json);
    expect((await byToken({ path: own }, 'other')).status).toBe(404);
    const plain = await byToken(create(endpoint, '', 'later-too', named('later-too'), prefer));
    expect(plain.headers.get('location')).toBe(`/v1/requests/${plain.json.id}`);
  });

  it('reads for each kind below its base path', async () => {
    const path = `/v1${collectionOf(endpoint)}`;
    const list = await byRole({ path: `/iam${path}` });
    expect(list).toMatchObject({ status: 200, json: { count: expect.any(Number) } });
    expect(list.json).toEqual((await byToken({ path })).json);
  });

  it('shows a signed request on the live page, which repeats it', async () => {
    const asked = create(endpoint, '/iam', 'shown', named('shown'));
    const shown = async () => {
      const views: unknown = await (await fetch(`${gateway.url}/local/requests`)).json();
      const all = [views].flat().map(Object);
      return all.find(({ key, operation }) => key === 'shown' && operation === endpoint.name);
    };
    await byRole(asked);
    const view = await shown();
    expect(view).toMatchObject({ outcome: 'created', caller: 'platform', request: { line: `POST ${asked.path}` } });
    expect(view.curl).toContain(`http://127.0.0.1:${port}/v1${collectionOf(endpoint)}'`);
    expect(view.curl).not.toMatch(/x-amz|AWS4/);
    expect(JSON.stringify(view)).not.toContain(gateway.iam.credentials.accessKeyId);
    const body = JSON.stringify({ id: view.id });
    expect((await fetch(`${gateway.url}/local/retry`, { method: 'POST', body })).status).toBe(204);
    expect(await shown()).toMatchObject({ attempts: 2, outcome: 'replayed' });
  });

  it('names the paths of its own kind in the answer for what is not offered', async () => {
    const { status, json: problem } = await byRole({ method: 'DELETE', path: `/iam/v1${collectionOf(endpoint)}/1` });
    expect([status, problem.code]).toEqual([403, 'ACCESS_FAILED']);
    expect(problem.message).toContain(`POST /iam/v1${endpoint.path}`);
    expect(problem.message).not.toContain(' /v1/');
  });

  it('refuses a signed request that was changed on its way', async () => {
    const { path, headers, body } = create(endpoint, '/iam', 'wrong', named('wrong'));
    const unsigned = { method: 'POST', url: new URL(path, gateway.url), headers, body: JSON.stringify(body) };
    const { host: _, ...signed } = await signedHeaders(unsigned, 'us-east-1', gateway.iam.credentials);
    const { authorization = '' } = signed;
    const changes = [
      { body: named('wronged') },
      { headers: { ...signed, 'idempotency-key': 'another' } },
      { headers: { ...signed, authorization: authorization.replace(/.$/, (end) => (end === '0' ? '1' : '0')) } },
      { headers: { ...signed, 'x-amz-security-token': 'another' } },
    ];
    for (const change of changes) {
      const asked = { method: 'POST', path, headers: signed, body, ...change };
      expect((await answered(unsigned.url, asked)).status).toBe(403);
    }
  });

  it("admits no kind to another kind's base path", async () => {
    const asToken = await byToken(create(endpoint, '/iam', 'wrong', named('wrong')));
    expect(asToken).toMatchObject({ status: 403, json: { message: 'Forbidden' } });
    const asRole = await byRole(create(endpoint, '', 'wrong', named('wrong')));
    expect(asRole).toMatchObject({ status: 401, json: { message: 'Unauthorized' } });
    expect(JSON.stringify(gateway.sandbox.requests)).not.toContain('"wrong"');
  });
});

/** Operations are the same resource for the same paths. */
const pathsOf = ({ example }: Endpoint, name: string): object | undefined =>
  'paths' in example.body ? { paths: [{ type: 'EXACT', pattern: `/${encodeURIComponent(name)}` }] } : undefined;
