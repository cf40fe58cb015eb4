import { afterEach, describe, expect, it } from 'vitest';
import type { InterceptAws } from '../../infra/local/aws/aws.ts';
import { throttled } from '../../infra/local/aws/service.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import type { Intercept } from '../../infra/local/sandbox/creation.ts';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { acceptedMessage } from '../../lib/intake/accepted-request.ts';
import { type Bus, type BusOptions, senderOf, startBus } from '../harness/bus.ts';
import { collectionOf } from '../harness/front-door.ts';
import { nestedArrays } from '../harness/hostile-input.ts';
import { httpRequest } from '../harness/http-request.ts';
import { type Step, type System, startSystem } from '../harness/system.ts';

let system: System;
let bus: Bus;
afterEach(async () => {
  await bus.close();
  await system.close();
});

const start = async (
  endpoint: Endpoint,
  creates: (Fault | undefined)[] = [],
  { intercept, answer, ...options }: BusOptions & { intercept?: InterceptAws; answer?: Intercept } = {},
) => {
  system = await startSystem({
    sandbox: { faults: { create: () => creates.shift() }, ...(answer && { intercept: answer }) },
    ...(intercept && { intercept }),
  });
  bus = startBus(system, endpoint, options);
};

const minute = 60_000;
const hour = 60 * minute;
const deadLetters = () => bus.deadLetters.messages();
const isIdle = () => bus.queue.messages().length === 0;

describe.each(endpoints)('a request event for $name', (endpoint) => {
  const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);
  const creates = () =>
    system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
  const detail = (changes: Record<string, unknown> = {}) => ({
    version: '1',
    ...endpoint.example.parameters,
    body: endpoint.example.body,
    ...changes,
  });
  /** As the HTTP door passes it on after its checks. */
  const request = httpRequest(endpoint, { key: 'k', arrivalID: 'a-1' });
  const typed = (kind: string) => endpoint.event.replace('Requested', kind);
  const outcomes = () => bus.outcomes.map(({ type }) => type);

  it('creates a resource, and publishes an outcome with its id', async () => {
    await start(endpoint);
    const eventID = await bus.put(detail({ idempotencyKey: 'order 1' }));
    await system.pass(minute);
    expect(bus.outcomes).toEqual([
      {
        type: typed('Created'),
        detail: {
          version: '1',
          id: `${eventID} Created`,
          requestID: expect.stringMatching(/^[\da-f]{64}$/),
          sourceEventID: eventID,
          idempotencyKey: 'order 1',
          parameters: endpoint.example.parameters,
          requestedAt: expect.any(String),
          finishedAt: expect.any(String),
          how: 'created',
          resource: {
            id: made()[0],
            links: expect.objectContaining({ self: expect.stringContaining(made()[0] ?? '?') }),
          },
        },
      },
    ]);
    expect([isIdle(), deadLetters()]).toEqual([true, []]);
  });

  it.each<[string, unknown, object]>([
    ['odd links beside it', { self: { href: 'h' }, clone: null, environment: 'x', other: { href: 7 } }, { self: 'h' }],
    ['null for its links', null, {}],
    ['links that are no object', 'x', {}],
  ])('has an outcome with every readable link if PingOne answers with %s', async (_, links, told) => {
    await start(endpoint, [], {
      answer: async (moment, _creation, resource) =>
        moment === 'after' ? json(201, { ...resource, _links: links }) : undefined,
    });
    await bus.put(detail());
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([{ type: typed('Created'), detail: { how: 'created' } }]);
    expect(bus.outcomes[0]?.detail.resource).toEqual({ id: made()[0], links: told });
  });

  it('creates one resource however often it is delivered, and republishes its outcome with the same id', async () => {
    await start(endpoint);
    await bus.put(detail());
    await system.pass(minute);
    const [message] = system.aws.requests.filter(({ operation }) => operation === 'PutEvents');
    expect(message).toBeDefined();
    const body = JSON.stringify({
      id: 'e-1',
      ...senderOf('com.example.ci').event,
      time: '2026-01-01T00:00:00Z',
      'detail-type': endpoint.event,
      detail: detail(),
    });
    await Promise.all([bus.send(body), bus.send(body), bus.send(body)]);
    await system.pass(10 * minute);
    expect(made()).toHaveLength(2);
    const told = bus.outcomes.filter(({ detail: { sourceEventID } }) => sourceEventID === 'e-1');
    expect(told).toHaveLength(3);
    expect(new Set(told.map(({ detail: { id } }) => id)).size).toBe(1);
    expect(isIdle()).toBe(true);
  });

  it.each([
    ['another version', { version: '2' }, ['/version'], ['INVALID_VALUE']],
    ['no body', { body: undefined }, ['/body'], ['REQUIRED_VALUE']],
    ['an environment that is none', { environmentID: 'x' }, ['/environmentID'], ['INVALID_VALUE']],
    ['a fault in its body', { body: { ...endpoint.example.body, name: 1 } }, ['/body/name'], ['INVALID_VALUE']],
    ['a misspelt key', { idempotencykey: 'k' }, [], ['INVALID_PARAMETER']],
    ['a key in another style', { 'idempotency-key': 'k' }, [], ['INVALID_PARAMETER']],
    ['a misspelt key beside null', { idempotencyKey: null, idempotencKey: 'k' }, [], ['INVALID_PARAMETER']],
    ['its key twice', { idempotencyKey: 'k', IdempotencyKey: 'l' }, [], ['INVALID_PARAMETER']],
    ['a misspelt body', { body: undefined, boddy: {} }, ['/body'], ['REQUIRED_VALUE', 'INVALID_PARAMETER']],
    ['an unknown member of the body', { body: { ...endpoint.example.body, extra: 1 } }, [], ['INVALID_PARAMETER']],
    ['a key too long', { idempotencyKey: 'x'.repeat(256) }, ['/idempotencyKey'], ['SIZE_LIMIT_EXCEEDED']],
  ])('is rejected, and acknowledged, with %s', async (_, changes, pointers, codes) => {
    await start(endpoint);
    await bus.put(detail(changes));
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Rejected'), detail: { status: 400, code: 'INVALID_DATA', codes } },
    ]);
    expect(bus.outcomes[0]?.detail.pointers).toEqual(pointers);
    expect([isIdle(), deadLetters(), creates()]).toEqual([true, [], 0]);
  });

  it('may begin with a byte order mark, which is ignored', async () => {
    await start(endpoint);
    const event = { id: 'e', ...senderOf('com.example.ci').event, time: 't', 'detail-type': endpoint.event };
    await bus.send(`\uFEFF${JSON.stringify({ ...event, detail: detail() })}`);
    await system.pass(minute);
    expect([outcomes(), deadLetters(), isIdle()]).toEqual([[typed('Created')], [], true]);
  });

  it.each([
    ['members of its own', { metadata: { source: 'x' }, code: 7, copy: [], todo: null, versions: '2', key: 'x' }],
    ['null for its key', { idempotencyKey: null }],
    ['a number of its own that a double does not hold', { metadata: { id: 0 } }],
  ])('is accepted with %s', async (_, changes) => {
    await start(endpoint);
    const event = { id: 'e', ...senderOf('com.example.ci').event, time: 't', 'detail-type': endpoint.event };
    const text = JSON.stringify({ ...event, detail: detail(changes) });
    await bus.send(text.replace('"id":0', '"id":12345678901234567890'));
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([{ type: typed('Created'), detail: { idempotencyKey: 'e' } }]);
    expect(isIdle()).toBe(true);
  });

  it('is rejected for a number that a double cannot represent', async () => {
    await start(endpoint);
    const text = JSON.stringify({
      id: 'e',
      ...senderOf('com.example.ci').event,
      time: 't',
      'detail-type': endpoint.event,
      detail: detail({ body: { ...endpoint.example.body, extra: 0 } }),
    });
    await bus.send(text.replace('"extra":0', '"extra":12345678901234567890'));
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Rejected'), detail: { code: 'INVALID_REQUEST', sourceEventID: 'e' } },
    ]);
  });

  it('is rejected if it nests deeper than both doors accept', async () => {
    await start(endpoint);
    const deep = JSON.parse(nestedArrays(600));
    await bus.put(detail({ body: { ...endpoint.example.body, properties: { deep } } }));
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([{ type: typed('Rejected'), detail: { status: 400, code: 'INVALID_REQUEST' } }]);
  });

  it('is rejected by the bus itself if it is larger than 1 MB', async () => {
    await start(endpoint);
    await expect(bus.put(detail({ extra: 'x'.repeat(1_048_576) }))).rejects.toThrow('size');
  });

  it('is rejected if PingOne refuses it, without PingOne’s words, and stays rejected', async () => {
    await start(endpoint, [{ kind: 'refuse', status: 400, code: 'INVALID_DATA', detailCode: 'UNIQUENESS_VIOLATION' }]);
    const text = JSON.stringify({
      id: 'e',
      ...senderOf('com.example.ci').event,
      time: 't',
      'detail-type': endpoint.event,
      detail: detail(),
    });
    await bus.send(text);
    await system.pass(minute);
    await bus.send(text);
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      {
        type: typed('Rejected'),
        detail: { status: 400, code: 'INVALID_DATA', detail: expect.stringMatching(/^PingOne refused/) },
      },
      { type: typed('Rejected'), detail: { status: 400, code: 'INVALID_DATA' } },
    ]);
    expect(new Set(bus.outcomes.map((outcome) => outcome.detail.id)).size).toBe(1);
    expect(JSON.stringify(bus.outcomes)).not.toContain('The request could not be completed');
    expect([creates(), isIdle()]).toEqual([1, true]);
  });

  it.each([
    ['not JSON', 'NOT_JSON', '{'],
    ['no event', 'NO_EVENT', '{"hello":"world"}'],
    [
      'an event of another type',
      'OTHER_EVENT',
      JSON.stringify({ id: 'e', source: 's', account: '1', time: 't', 'detail-type': 'Other', detail: {} }),
    ],
    [
      'a made-up acceptance',
      'NO_EVENT',
      JSON.stringify({
        source: 'pingone.provisioner.accepted',
        requestID: 'x',
        arrivalID: 'x',
        body: {},
      }),
    ],
  ])('goes to the dead letters at once if it is %s, and delays no other message', async (_, code, text) => {
    await start(endpoint);
    await bus.send(text);
    await bus.put(detail());
    await system.pass(minute);
    expect(outcomes()).toEqual([typed('Created')]);
    const [letter] = deadLetters();
    expect(letter?.body).toBe(text);
    expect(letter?.attributes).toMatchObject({
      Code: { StringValue: code },
      Reason: { StringValue: expect.any(String) },
      OriginalMessageId: { StringValue: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
    expect([deadLetters().length, isIdle()]).toEqual([1, true]);
  });

  it.each([
    ['has no room for why', 1_048_576, false],
    ['has just no room for why', 1_048_576 - 100, false],
    ['has room for why', 1_048_576 - 400, true],
  ])('goes to the dead letters if it %s: %i bytes', async (_, bytes, told) => {
    await start(endpoint);
    await bus.send('x'.repeat(bytes));
    await system.pass(minute);
    expect(deadLetters().map(({ body }) => body.length)).toEqual([bytes]);
    const names = told ? ['Reason', 'Code', 'OriginalMessageId'] : [];
    expect(Object.keys(deadLetters()[0]?.attributes ?? {})).toEqual(names);
    expect(system.logged).toContainEqual({ level: 'warn', deadLettered: expect.any(String), code: 'NOT_JSON' });
    expect(isIdle()).toBe(true);
  });

  it('waits as long as PingOne requests, and then creates', async () => {
    await start(endpoint, [{ kind: 'limit', retryAfter: 600 }]);
    await bus.put(detail());
    await system.pass(9 * minute);
    expect([creates(), outcomes()]).toEqual([1, []]);
    await system.pass(2 * minute);
    expect([creates(), outcomes()]).toEqual([2, [typed('Created')]]);
  });

  it('waits for the grace period of a lost answer, and finds the resource', async () => {
    await start(endpoint, [{ kind: 'createLate', afterMs: 30_000, answer: 'never' }]);
    await bus.put(detail());
    await system.pass(5 * minute);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Created'), detail: { how: 'adopted', resource: { id: made()[0] } } },
    ]);
    expect(creates()).toBe(1);
  });

  it('waits for another request of its name to end', async () => {
    await start(endpoint, [{ kind: 'createLate', afterMs: 7_000, answer: 'created' }]);
    await Promise.all([bus.put(detail()), bus.put(detail())]);
    await system.pass(5 * minute);
    expect(outcomes()).toEqual([typed('Created'), typed('Created')]);
    expect(made()).toHaveLength(2);
  });

  it('gets its own resource next to an equal event, and keeps it when it is redelivered', async () => {
    await start(endpoint, [{ kind: 'resetBefore' }]);
    const text = (id: string) =>
      JSON.stringify({
        id,
        ...senderOf('com.example.ci').event,
        time: 't',
        'detail-type': endpoint.event,
        detail: detail(),
      });
    await bus.send(text('one'));
    await system.pass(minute / 2);
    await bus.send(text('two'));
    await system.pass(5 * minute);
    await Promise.all([bus.send(text('one')), bus.send(text('two'))]);
    await system.pass(5 * minute);
    const of = (event: string) =>
      bus.outcomes
        .filter(({ detail: { sourceEventID } }) => sourceEventID === event)
        .map((outcome) => Object(outcome.detail.resource).id);
    expect(new Set(of('one')).size).toBe(1);
    expect(new Set(of('two')).size).toBe(1);
    expect(made().toSorted()).toEqual([of('one')[0], of('two')[0]].toSorted());
  });

  it('gets an Unresolved outcome and goes to the dead letters after six hours', async () => {
    const always = Array.from({ length: 2_000 }, (): Fault => ({ kind: 'limit', retryAfter: 60 }));
    await start(endpoint, always);
    await bus.put(detail());
    await system.pass(5.9 * hour);
    expect([outcomes(), deadLetters().length, isIdle()]).toEqual([[], 0, false]);
    await system.pass(0.3 * hour);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Unresolved'), detail: { status: 429, code: 'REQUEST_LIMITED' } },
    ]);
    expect(deadLetters().map(({ attributes }) => Object(attributes).Code?.StringValue)).toEqual(['REQUEST_LIMITED']);
    expect(isIdle()).toBe(true);
  });

  it('is not acknowledged before its outcome is published', async () => {
    let failing = true;
    const intercept: InterceptAws = async (moment, { operation, input }) =>
      failing &&
      moment === 'before' &&
      operation === 'PutEvents' &&
      JSON.stringify(input).includes('pingone.provisioner')
        ? throttled()
        : undefined;
    await start(endpoint, [], { intercept });
    await bus.put(detail());
    await system.pass(minute);
    expect([made().length, outcomes(), isIdle()]).toEqual([1, [], false]);
    failing = false;
    await system.pass(7 * minute);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Created'), detail: { how: 'replayed', resource: { id: made()[0] } } },
    ]);
    expect([made().length, isIdle()]).toEqual([1, true]);
  });

  it('has its outcome published again if the bus rejects an entry, and is not acknowledged meanwhile', async () => {
    let refusals = 4;
    const refused = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'x' }] };
    const intercept: InterceptAws = async (moment, { operation, input }) =>
      moment === 'before' &&
      operation === 'PutEvents' &&
      JSON.stringify(input).includes('pingone.provisioner') &&
      refusals-- > 0
        ? json(200, refused, { 'content-type': 'application/x-amz-json-1.1' })
        : undefined;
    await start(endpoint, [], { intercept });
    await bus.put(detail());
    await system.pass(minute);
    expect([made().length, outcomes(), isIdle()]).toEqual([1, [], false]);
    await system.pass(7 * minute);
    expect([made().length, outcomes(), isIdle()]).toEqual([1, [typed('Created')], true]);
  });

  it('gets no Rejected outcome before the ledger has it, so that a redelivery gets the same', async () => {
    let failures = 3;
    const intercept: InterceptAws = async (moment, { operation, input }) =>
      moment === 'before' &&
      operation === 'UpdateItem' &&
      JSON.stringify(input).includes('"PINGONE_REFUSED"') &&
      failures-- > 0
        ? throttled()
        : undefined;
    await start(endpoint, [{ kind: 'refuse', status: 400, code: 'INVALID_DATA' }], { intercept });
    await bus.put(detail());
    await system.pass(20 * minute);
    expect(outcomes()).toEqual([typed('Created')]);
    expect([made().length, isIdle()]).toEqual([1, true]);
  });

  it.each([
    'after PingOne create',
    'before ledger assign',
    'before queue publish',
    'after queue publish',
  ] satisfies Step[])('is made once when its function dies %s', async (fatal) => {
    let deaths = 0;
    await start(endpoint, [], { dies: () => (step) => step === fatal && ++deaths === 1 });
    await bus.put(detail());
    await system.pass(20 * minute);
    expect(made()).toHaveLength(1);
    expect(new Set(bus.outcomes.map((outcome) => outcome.detail.id)).size).toBe(1);
    expect(bus.outcomes.at(-1)).toMatchObject({ type: typed('Created'), detail: { resource: { id: made()[0] } } });
    expect([isIdle(), deadLetters()]).toEqual([true, []]);
  });

  it('is rejected as an accepted request if its body differs from the accepted one', async () => {
    await start(endpoint);
    const { body } = endpoint.example;
    const changed = acceptedMessage({
      requestID: request.requestID,
      arrivalID: 'a-1',
      body: { ...body, name: 'Changed' },
    });
    await bus.accept(request);
    await bus.send(changed);
    await system.pass(minute);
    expect(deadLetters().map((letter) => letter.body)).toEqual([changed]);
    expect(system.sandbox.resources(collectionOf(endpoint)).map(({ name }) => name)).toEqual([body.name]);
  });

  it('takes caller and parameters of an accepted request only from the ledger', async () => {
    await start(endpoint);
    const { body } = endpoint.example;
    expect(await bus.accept(request)).toMatchObject({ state: 'accepted', caller: 'alice' });
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      { type: typed('Created'), detail: { id: 'a-1 Created', requestID: request.requestID, how: 'created' } },
    ]);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
    await expect(bus.accept({ ...request, body: { ...body, name: 'Other' } })).rejects.toMatchObject({
      code: 'KEY_REUSED',
    });
    expect(await bus.accept(request)).toMatchObject({ state: 'created', resource: made()[0] });
  });
});
