import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, type GatewayOptions, startGateway } from '../../../infra/local/gateway/gateway.ts';
import { createKinds, deployKinds, listKinds, parseFaultProfile } from '../../../infra/local/sandbox/fault-profile.ts';
import { accessTokenOf, callerOf } from '../../harness/sandbox-client.ts';
import { collection, endpoint } from '../../harness/some-endpoint.ts';

const echo = fileURLToPath(new URL('../lambda/handlers/lambda.ts', import.meta.url));

let gateway: Gateway | undefined;

const start = async (options: GatewayOptions = {}) => {
  gateway = await startGateway({ port: 0, awsPort: 0, build: async () => echo, ...options });
  const { url, sandbox } = gateway;
  const call = await callerOf(sandbox);
  const faults = async (profile?: unknown) => {
    const init = { method: 'PUT', body: typeof profile === 'string' ? profile : JSON.stringify(profile) };
    const response = await fetch(`${url}/local/faults`, profile === undefined ? {} : init);
    return { status: response.status, body: Object(await response.json()) };
  };
  /** The answers to a number of creates. */
  const statuses = async (count: number) => {
    const all: unknown[] = [];
    for (let number = 0; number < count; number++) {
      const answer = call('POST', collection, { ...endpoint.example.body, name: String(number) });
      all.push(await answer.then(({ status }) => status).catch(() => 'broken'));
    }
    return all;
  };
  return { call, faults, statuses };
};

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

const off = { create: null, list: null, rate: 1, seed: 1 };

describe('GET /local/faults', () => {
  it('shows no fault, and lists all kinds', async () => {
    const { faults } = await start();
    const { status, body } = await faults();
    expect(status).toBe(200);
    expect(body).toMatchObject(off);
    expect(Object.keys(body.kinds.create)).toEqual(createKinds);
    expect(Object.keys(body.kinds.list)).toEqual(listKinds);
    expect(Object.keys(body.kinds.deploy)).toEqual(deployKinds);
    for (const summary of Object.values({ ...body.kinds.create, ...body.kinds.list, ...body.kinds.deploy }))
      expect(summary).toMatch(/\w/);
  });

  it('shows the faults from the start', async () => {
    const { faults, statuses } = await start({ faults: parseFaultProfile({ create: 'unauthorized' }) });
    expect((await faults()).body).toMatchObject({ ...off, create: 'unauthorized' });
    expect(await statuses(2)).toEqual([401, 401]);
  });
});

describe('PUT /local/faults', () => {
  it('switches faults of creates on and off', async () => {
    const { faults, statuses } = await start();
    expect(await statuses(1)).toEqual([201]);
    expect(await faults({ create: 'unauthorized' })).toMatchObject({
      status: 200,
      body: { ...off, create: 'unauthorized' },
    });
    expect(await statuses(3)).toEqual([401, 401, 401]);
    expect(await faults({ create: null })).toMatchObject({ status: 200, body: off });
    expect(await statuses(1)).toEqual([201]);
  });

  it('switches faults of lists on', async () => {
    const { call, faults, statuses } = await start();
    await faults({ list: 'listLags' });
    expect(await statuses(1)).toEqual([201]);
    expect((await call('GET', collection)).body.count).toBe(0);
    await faults({});
    expect((await call('GET', collection)).body.count).toBe(1);
  });

  it('fails a share of the creates, the same with the same seed', async () => {
    const { faults, statuses } = await start();
    const withSeed = async (seed: number) => {
      await faults({ create: 'refuse', rate: 0.5, seed });
      return statuses(20);
    };
    const first = await withSeed(7);
    expect(first).toContain(201);
    expect(new Set(first).size).toBeGreaterThan(2);
    expect(await withSeed(7)).toEqual(first);
    expect(await withSeed(8)).not.toEqual(first);
    await faults({ create: 'refuse', rate: 0 });
    expect(await statuses(5)).toEqual([201, 201, 201, 201, 201]);
  });

  it.each([
    ['{', 'faults are a JSON object with create, list, deploy, rate and seed.'],
    ['[]', 'faults are a JSON object with create, list, deploy, rate and seed.'],
    [{ rat: 1 }, 'rat is not known; known are create, list, deploy, rate and seed.'],
    [{ create: 'lightning' }, `create is null, any, or one of ${createKinds.join(', ')}.`],
    [{ list: 'createThenReset' }, `list is null, any, or one of ${listKinds.join(', ')}.`],
    [{ rate: 1.5, seed: 'x' }, 'rate is a number from 0 to 1; seed is a whole number.'],
  ])('rejects %j, and changes nothing', async (bad, message) => {
    const { faults } = await start();
    await faults({ create: 'refuse' });
    expect(await faults(bad)).toEqual({ status: 400, body: { message } });
    expect((await faults()).body).toMatchObject({ create: 'refuse' });
  });

  it('is absent if a real PingOne replaces the sandbox', async () => {
    const json = JSON.stringify({ clientId: 'a', clientSecret: 'b', environmentID: crypto.randomUUID(), region: 'EU' });
    gateway = await startGateway({ port: 0, awsPort: 0, build: async () => echo, secret: { json, source: 'a file' } });
    expect((await fetch(`${gateway.url}/local/faults`)).status).toBe(404);
  });
});

describe('any fault', () => {
  it('is one of all kinds, each time another', async () => {
    const { faults } = await start();
    await faults({ create: 'any' });
    const sandbox = gateway?.sandbox;
    const authorization = `Bearer ${sandbox && (await accessTokenOf(sandbox))}`;
    const create = async () => {
      const headers = { authorization, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(endpoint.example.body) };
      // Some get no answer, or a late one.
      const signal = AbortSignal.timeout(2_000);
      return (await fetch(`${sandbox?.apiBase}${collection}`, { ...init, signal, redirect: 'manual' })).status;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => create().catch(() => 'broken')));
    for (const answer of [201, 401, 429, 500, 'broken']) expect(answers).toContain(answer);
  });
});
