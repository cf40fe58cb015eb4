import { afterEach, describe, expect, it } from 'vitest';
import type { InterceptAws } from '../../infra/local/aws/aws.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { identified } from '../../lib/provision/identity.ts';
import type { ProvisionRequest } from '../../lib/provision/request.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import { collectionOf } from '../harness/front-door.ts';
import { httpRequest } from '../harness/http-request.ts';
import { type Step, type System, startSystem } from '../harness/system.ts';

/** Attacks on acceptance and outcomes. */

let system: System;
let bus: Bus;
afterEach(async () => {
  await bus.close();
  await system.close();
});

const start = async (creates: (Fault | undefined)[] = [], intercept?: InterceptAws) => {
  system = await startSystem({
    sandbox: { faults: { create: () => creates.shift() } },
    ...(intercept && { intercept }),
  });
  bus = startBus(system, endpoint);
};

const minute = 60_000;
const hour = 60 * minute;
const { parameters, body } = endpoint.example;
const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);
const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;
const told = () => bus.outcomes.map(({ type, detail: { id, status } }) => [type, id, ...(status ? [status] : [])]);
const dyingAt = (fatal: Step) => (step: Step) => step === fatal;
const accepted = (arrivalID: string, key = 'k'): ProvisionRequest => httpRequest(endpoint, { key, arrivalID });
const state = async (key = 'k') => (await system.clock.during(bus.ledger.read(accepted('any', key).requestID)))?.state;
const event = (id: string, changes: object = {}, idempotencyKey = 'order') =>
  JSON.stringify({
    id,
    ...senderOf('com.example.ci').event,
    time: '2026-01-01T00:00:00Z',
    'detail-type': endpoint.event,
    detail: { version: '1', ...parameters, idempotencyKey, body: { ...body, ...changes } },
  });

describe('an accepted request', () => {
  it('is provisioned although a synchronous attempt that held it died', async () => {
    await start([{ kind: 'createLate', afterMs: 5_000, answer: 'created' }]);
    const synchronous = system.ask({ endpoint, key: 'k', dies: dyingAt('after PingOne create') });
    await system.pass(1_000);
    expect(await bus.accept(accepted('a-2'))).toMatchObject({ state: 'sending' });
    expect(await synchronous).toEqual({ answered: 'died' });
    await system.pass(hour);
    expect(told()).toEqual([['ConnectorInstanceCreated', 'a-2 Created']]);
    expect([await state(), made().length]).toEqual(['created', 1]);
  });

  it('is provisioned although a synchronous attempt left its outcome unknown', async () => {
    await start([{ kind: 'resetBefore' }]);
    const synchronous = system.ask({ endpoint, key: 'k' });
    await bus.accept(accepted('a-2'));
    expect(await synchronous).toMatchObject({ answered: 504 });
    await system.pass(hour);
    expect(told()).toEqual([['ConnectorInstanceCreated', 'a-2 Created']]);
    expect(made()).toHaveLength(1);
  });

  it('gets its outcome although it was created before', async () => {
    await start();
    await system.ask({ endpoint, key: 'k' });
    expect(await bus.accept(accepted('a-2'))).toMatchObject({ state: 'created' });
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      { detail: { id: 'a-2 Created', how: 'replayed', resource: { id: made()[0] } } },
    ]);
  });

  it('that did not get into the queue is taken over by a synchronous retry', async () => {
    let fails = true;
    await start([], async (moment, { service, operation }) =>
      moment === 'before' && fails && service === 'AmazonSQS' && operation === 'SendMessage' ? 'reset' : undefined,
    );
    await expect(bus.accept(accepted('a-1'))).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('this attempt sent nothing'),
    });
    expect(await state()).toBe('accepted');
    fails = false;
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(made()).toHaveLength(1);
  });

  it('creates one resource if a synchronous retry meets its delivery', async () => {
    await start([{ kind: 'createLate', afterMs: 2_000, answer: 'created' }]);
    await bus.accept(accepted('a-1'));
    const retried = await system.ask({ endpoint, key: 'k' });
    expect([201, 409]).toContain(retried.answered);
    await system.pass(hour);
    expect(told()).toEqual([['ConnectorInstanceCreated', 'a-1 Created']]);
    expect([creates(), made().length]).toEqual([1, 1]);
  });

  it('is not sent again when its message is redelivered after a refusal', async () => {
    const refuse: Fault = { kind: 'refuse', status: 400, code: 'INVALID_DATA' };
    let loses = true;
    await start([refuse], async (moment, { operation, input }) => {
      const isOutcome = operation === 'PutEvents' && JSON.stringify(input).includes('pingone.provisioner');
      return moment === 'before' && loses && isOutcome ? 'reset' : undefined;
    });
    await bus.accept(accepted('a-1'));
    await system.pass(minute);
    loses = false;
    await system.pass(hour);
    expect(told()).toEqual([['ConnectorInstanceRejected', 'a-1 Rejected', 400]]);
    expect(creates()).toBe(1);
  });
});

it('a request that is redelivered after its key was accepted for another body keeps its rejection', async () => {
  let loses = true;
  await start([{ kind: 'refuse', status: 400, code: 'INVALID_DATA' }], async (moment, { operation, input }) => {
    const isOutcome = operation === 'PutEvents' && JSON.stringify(input).includes('pingone.provisioner');
    return moment === 'before' && loses && isOutcome ? 'reset' : undefined;
  });
  await bus.accept(accepted('a-1'));
  await system.pass(1_000);
  loses = false;
  await bus.accept({ ...accepted('a-2'), body: { ...body, name: 'Corrected' } });
  await system.pass(hour);
  expect(told().toSorted()).toEqual([
    ['ConnectorInstanceCreated', 'a-2 Created'],
    ['ConnectorInstanceRejected', 'a-1 Rejected', 400],
  ]);
  expect(bus.deadLetters.messages()).toEqual([]);
});

describe('the outcomes of events with one key', () => {
  const refuse: Fault = { kind: 'refuse', status: 400, code: 'INVALID_DATA' };

  it('have different ids', async () => {
    await start([refuse, { kind: 'refuse', status: 403, code: 'ACCESS_FAILED' }]);
    await bus.send(event('e-1'));
    await system.pass(minute);
    await bus.send(event('e-2', { name: 'Corrected' }));
    await system.pass(minute);
    expect(told()).toEqual([
      ['ConnectorInstanceRejected', 'e-1 Rejected', 400],
      ['ConnectorInstanceRejected', 'e-2 Rejected', 403],
    ]);
  });

  it('are the same for a redelivered event, whatever the outcomes of other events with the key', async () => {
    await start([refuse, refuse]);
    for (const id of ['e-1', 'e-2', 'e-3', 'e-1', 'e-2', 'e-3']) {
      await bus.send(event(id));
      await system.pass(minute);
    }
    const first = [
      ['ConnectorInstanceRejected', 'e-1 Rejected', 400],
      ['ConnectorInstanceRejected', 'e-2 Rejected', 400],
      ['ConnectorInstanceCreated', 'e-3 Created'],
    ];
    expect(told()).toEqual([...first, ...first]);
    expect([creates(), made().length]).toEqual([3, 1]);
  });

  it("are never another arrival's rejection, which comes between the claim and its answer", async () => {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const refusals: Fault[] = [refuse];
    let first: Promise<unknown> | undefined;
    system = await startSystem({
      sandbox: {
        faults: { create: () => refusals.shift() },
        intercept: async () => {
          reached.resolve();
          await go.promise;
          return undefined;
        },
      },
      intercept: async (moment, { operation }) => {
        if (moment !== 'before' || operation !== 'GetItem' || !first) return undefined;
        go.resolve();
        await first;
        return undefined;
      },
    });
    bus = startBus(system, endpoint);
    const asked = system.ask({ endpoint, caller: 'ci', key: 'order' });
    await reached.promise;
    first = asked;
    await bus.send(event('e-1'));
    await system.pass(minute);
    expect(await asked).toMatchObject({ answered: 400 });
    expect(told()).toEqual([['ConnectorInstanceCreated', 'e-1 Created']]);
  });

  it('keep KEY_REUSED although the key is free when the event is redelivered', async () => {
    await start([{ kind: 'createLate', afterMs: 5_000, answer: 'created' }]);
    await bus.send(event('e-1', { name: 'One' }));
    await system.pass(1_000);
    await bus.send(event('e-2', { name: 'Two' }));
    await system.pass(minute);
    // As after 35 days, when the record of the key has expired, but not the event's final answer.
    const { requestID } = identified('ci', endpoint, parameters, 'order', 'any');
    const key = `${endpoint.name}#request#${requestID}`;
    await system.clock.during(
      system.table.change(key, { set: { state: 'rejected' }, remove: ['resource'], condition: 'attribute_exists(pk)' }),
    );
    await bus.send(event('e-2', { name: 'Two' }));
    await system.pass(minute);
    const reused = ['ConnectorInstanceRejected', 'e-2 Rejected', 422];
    expect(told()).toEqual([reused, ['ConnectorInstanceCreated', 'e-1 Created'], reused]);
    expect(made()).toHaveLength(1);
  });
});

describe('a wait that PingOne requests', () => {
  it("is no longer than the message's six hours", async () => {
    await start(Array.from({ length: 200 }, (): Fault => ({ kind: 'limit', retryAfter: 86_400 })));
    await bus.send(event('e-1'));
    await system.pass(6.1 * hour);
    expect(told()).toEqual([['ConnectorInstanceUnresolved', 'e-1 Unresolved', 429]]);
    expect(bus.deadLetters.messages()).toHaveLength(1);
  });
});
