import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListFault } from '../../../infra/local/sandbox/list-faults.ts';
import { type Sandbox, startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { accessTokenOf, callerOf } from '../../harness/sandbox-client.ts';
import { collection, endpoint } from '../../harness/some-endpoint.ts';

let time: ReturnType<typeof manualClock>;
let sandbox: Sandbox;
let call: Awaited<ReturnType<typeof callerOf>>;
let fault: ListFault | undefined;

beforeEach(async () => {
  time = manualClock();
  fault = undefined;
  sandbox = await startSandbox({ endpoints, clock: time.clock, faults: { list: () => fault } });
  call = await callerOf(sandbox);
});

afterEach(() => sandbox.close());

const listed = async () => {
  const { body } = await call('GET', collection);
  const [resources] = Object.values(body._embedded);
  return { resources, count: body.count, size: body.size };
};

describe('a list with a fault', () => {
  it.each([500, 503] as const)("fails with %i and PingOne's error, while reads by id succeed", async (answer) => {
    const { body: resource } = await call('POST', collection, endpoint.example.body);
    fault = { kind: 'listFails', answer };
    expect(await call('GET', collection)).toMatchObject({ status: answer, body: { code: expect.any(String) } });
    expect(await call('GET', `${collection}/${resource.id}`)).toMatchObject({ status: 200, body: resource });
  });

  it.each([502, 504] as const)("fails with %i and a proxy's page", async (answer) => {
    fault = { kind: 'listFails', answer };
    const headers = { authorization: `Bearer ${await accessTokenOf(sandbox)}` };
    const response = await fetch(`${sandbox.apiBase}${collection}`, { headers });
    expect(response.status).toBe(answer);
    expect(response.headers.get('content-type')).toBe('text/html');
  });

  it('is reset', async () => {
    fault = { kind: 'listFails', answer: 'reset' };
    await expect(call('GET', collection)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('lacks resources newer than the lag, which can be read by id', async () => {
    fault = { kind: 'listLags', lagMs: 3_000 };
    const { body: first } = await call('POST', collection, endpoint.example.body);
    time.pass(1_000);
    const { body: second } = await call('POST', collection, endpoint.example.body);
    time.pass(1_999);
    expect(await listed()).toEqual({ resources: [], count: 0, size: 0 });
    expect((await call('GET', `${collection}/${first.id}`)).status).toBe(200);
    time.pass(1);
    expect(await listed()).toEqual({ resources: [first], count: 1, size: 1 });
    time.pass(1_000);
    expect(await listed()).toEqual({ resources: [first, second], count: 2, size: 2 });
  });
});
