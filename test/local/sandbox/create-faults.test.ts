import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults, type Fault } from '../../../infra/local/sandbox/create-faults.ts';
import { draw } from '../../../infra/local/sandbox/fault-kind.ts';
import { createKinds } from '../../../infra/local/sandbox/fault-profile.ts';
import { seededRandom } from '../../../infra/local/sandbox/random.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../infra/local/sandbox/sandbox.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { accessTokenOf } from '../../harness/sandbox-client.ts';
import { collection, endpoint } from '../../harness/some-endpoint.ts';

let time: ReturnType<typeof manualClock>;
let sandbox: Sandbox;
let authorization: string;
let holds: (readonly [unknown, boolean])[];
let fault: Fault | undefined;

const start = async (options: Partial<SandboxOptions> = {}) => {
  sandbox = await startSandbox({
    endpoints,
    clock: time.clock,
    faults: { create: () => fault },
    onHold: ({ 'x-mark': mark }: IncomingHttpHeaders, held) => holds.push([mark, held]),
    ...options,
  });
  authorization = `Bearer ${await accessTokenOf(sandbox)}`;
};

beforeEach(async () => {
  time = manualClock();
  holds = [];
  fault = undefined;
  await start();
});

afterEach(() => sandbox.close());

const create = async (name = 'one', mark = name, signal?: AbortSignal): Promise<Response> =>
  fetch(`${sandbox.apiBase}${collection}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'x-mark': mark },
    body: JSON.stringify({ ...endpoint.example.body, name }),
    signal,
  });

const names = () => sandbox.resources(collection).map(({ name }) => name);

/** Whether a promise is still open after some turns of the event loop. */
const isOpen = (promise: Promise<unknown>) => Promise.race([promise.then(() => false), delay(20, true)]);

describe('a create with a fault before its effect', () => {
  afterEach(() => expect(names()).toEqual([]));

  it.each([
    [{ kind: 'refuse', status: 400, code: 'INVALID_DATA', detailCode: 'INVALID_VALUE' }, ['INVALID_VALUE']],
    [{ kind: 'refuse', status: 403, code: 'ACCESS_FAILED', detailCode: 'LICENSE_EXCEEDED' }, ['LICENSE_EXCEEDED']],
    [{ kind: 'refuse', status: 404, code: 'NOT_FOUND' }, undefined],
    [{ kind: 'refuse', status: 409, code: 'REQUEST_FAILED' }, undefined],
  ] as const)('is refused as said: %j', async (refusal, details) => {
    fault = refusal;
    const response = await create();
    expect(response.status).toBe(refusal.status);
    const body = Object(await response.json());
    expect(body).toMatchObject({ id: expect.any(String), code: refusal.code, message: expect.any(String) });
    expect(body.details?.map(({ code }: { code: string }) => code)).toEqual(details);
  });

  it.each([
    [{ kind: 'limit' }, null],
    [{ kind: 'limit', retryAfter: 7 }, '7'],
    // It is 03:04:05.678.
    [{ kind: 'limit', retryAfter: 7, asDate: true }, 'Wed, 02 Jan 2030 03:04:13 GMT'],
  ] as const)('is limited: %j', async (limit, retryAfter) => {
    fault = limit;
    const response = await create();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_LIMITED', details: [{ code: 'LIMIT_EXCEEDED' }] });
  });

  it.each([
    [500, 'UNEXPECTED_ERROR'],
    [503, 'SERVICE_UNAVAILABLE'],
  ] as const)("fails with %i and PingOne's error", async (status, code) => {
    fault = { kind: 'fail', status };
    const response = await create();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ id: expect.any(String), code, message: expect.any(String) });
  });

  it.each([502, 504] as const)("fails with %i and a proxy's page", async (status) => {
    fault = { kind: 'fail', status };
    const response = await create();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(await response.text()).toContain(`<h1>${status} `);
  });

  it('is reset', async () => {
    fault = { kind: 'resetBefore' };
    await expect(create()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('is unauthorized, with a token that is valid for every other call', async () => {
    fault = { kind: 'unauthorized' };
    const response = await create();
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'ACCESS_FAILED' });
    expect((await fetch(`${sandbox.apiBase}${collection}`, { headers: { authorization } })).status).toBe(200);
  });
});

describe('a create with a fault after its effect', () => {
  it.each([500, 502, 503, 504, 408, 200, 202, 302] as const)('is answered %i', async (status) => {
    fault = { kind: 'createThenAnswer', status };
    const response = await fetch(`${sandbox.apiBase}${collection}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ ...endpoint.example.body, name: 'one' }),
      redirect: 'manual',
    });
    expect(response.status).toBe(status);
    expect(names()).toEqual(['one']);
  });

  it('is reset', async () => {
    fault = { kind: 'createThenReset' };
    await expect(create()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(names()).toEqual(['one']);
  });

  it('is never answered', async () => {
    fault = { kind: 'createThenHang' };
    const answer = create().catch(() => 'gone');
    await expect.poll(() => holds).toEqual([['one', true]]);
    expect(names()).toEqual(['one']);
    time.pass(3_600_000);
    expect(await isOpen(answer)).toBe(true);
  });

  it('is answered 201 without JSON', async () => {
    fault = { kind: 'createThenGarbage' };
    const response = await create();
    expect(response.status).toBe(201);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(names()).toEqual(['one']);
  });

  it('is answered 201 with a truncated body', async () => {
    fault = { kind: 'createThenTruncate' };
    const response = await create();
    expect(response.status).toBe(201);
    expect(Number(response.headers.get('content-length'))).toBe(
      JSON.stringify(sandbox.resources(collection)[0]).length,
    );
    await expect(response.text()).rejects.toThrow('terminated');
    expect(names()).toEqual(['one']);
  });

  it('is answered 201 slowly', async () => {
    fault = { kind: 'createThenSlowBody', afterMs: 9_000 };
    const response = await create();
    expect(response.status).toBe(201);
    const body = response.json();
    time.pass(8_999);
    expect(await isOpen(body)).toBe(true);
    expect(holds).toEqual([['one', true]]);
    time.pass(1);
    expect(await body).toEqual(sandbox.resources(collection)[0]);
    expect(holds).toEqual([
      ['one', true],
      ['one', false],
    ]);
  });
});

describe('a create with a late effect', () => {
  it('is stored only then, and answered with 201', async () => {
    fault = { kind: 'createLate', afterMs: 9_000, answer: 'created' };
    const answer = create();
    await expect.poll(() => holds).toEqual([['one', true]]);
    time.pass(8_999);
    expect(await isOpen(answer)).toBe(true);
    expect(names()).toEqual([]);
    time.pass(1);
    const response = await answer;
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual(sandbox.resources(collection)[0]);
    expect(holds).toEqual([
      ['one', true],
      ['one', false],
    ]);
    if ('createdAt' in endpoint.example.resource)
      expect(sandbox.resources(collection)).toMatchObject([{ createdAt: '2030-01-02T03:04:14.678Z' }]);
  });

  it('is stored only then, and never answered', async () => {
    fault = { kind: 'createLate', afterMs: 9_000, answer: 'never' };
    const answer = create().catch(() => 'gone');
    await expect.poll(() => holds).toEqual([['one', true]]);
    time.pass(9_000);
    await expect.poll(names).toEqual(['one']);
    expect(await isOpen(answer)).toBe(true);
    // The create continues, and then hangs until the caller gives up.
    expect(holds.map(([, held]) => held)).toEqual([true, false, true]);
  });

  it('is stored although its caller has disconnected, which is not reported', async () => {
    fault = { kind: 'createLate', afterMs: 9_000, answer: 'created' };
    const caller = new AbortController();
    const answer = create('one', 'one', caller.signal);
    await expect.poll(() => holds).toEqual([['one', true]]);
    caller.abort();
    await expect(answer).rejects.toThrow();
    await delay(20);
    time.pass(9_000);
    await expect.poll(names).toEqual(['one']);
    expect(holds).toEqual([['one', true]]);
  });

  it('is rejected if the name is taken by then', async () => {
    await sandbox.close();
    await start({ uniqueNames: true });
    fault = { kind: 'createLate', afterMs: 9_000, answer: 'created' };
    const late = create('one', 'late');
    await expect.poll(() => holds).toEqual([['late', true]]);
    fault = undefined;
    expect((await create('one', 'other')).status).toBe(201);
    time.pass(9_000);
    const refused = await late;
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ details: [{ code: 'UNIQUENESS_VIOLATION', target: 'name' }] });
    expect(names()).toEqual(['one']);
  });
});

describe('the faults of creates', () => {
  it('are chosen by the create, and do not affect invalid creates', async () => {
    await sandbox.close();
    const chosen: unknown[] = [];
    await start({
      faults: {
        create: ({ body, parameters }) => {
          chosen.push(body.name, parameters);
          return body.name === 'bad' ? { kind: 'fail', status: 500 } : undefined;
        },
      },
    });
    expect((await create('good')).status).toBe(201);
    expect((await create('bad')).status).toBe(500);
    expect((await create('')).status).toBe(400);
    expect(chosen).toEqual(['good', endpoint.example.parameters, 'bad', endpoint.example.parameters]);
  });

  it('do not keep the sandbox from closing, and leave nothing behind', async () => {
    await sandbox.close();
    await start();
    const answers = (['createThenHang', 'createLate', 'createThenSlowBody'] as const).map(async (kind) => {
      fault = draw(createFaults, kind, seededRandom(1));
      return (await create(kind)).text();
    });
    const settled = Promise.allSettled(answers);
    await expect.poll(() => holds.length).toBeGreaterThanOrEqual(3);
    await sandbox.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(time.waiting()).toBe(0);
    await start();
  });

  it.each(createKinds)('of kind %s are drawn at random, the same for the same seed', async (kind) => {
    expect(createFaults[kind].summary).toMatch(/\w/);
    const draws = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => draw(createFaults, kind, random));
    };
    expect(draws(1)).toEqual(draws(1));
    expect(new Set(draws(1).map((drawn) => drawn.kind))).toEqual(new Set([kind]));
  });
});
