import { afterEach, describe, expect, it } from 'vitest';
import { callerOfAll } from '../../infra/local/gateway/local-grants.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { GrantsDocument } from '../../lib/grants/document.ts';
import { identified } from '../../lib/provision/identity.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type Step, type System, startSystem } from '../harness/system.ts';

const minute = 60_000;
const nobody: GrantsDocument = { version: '1', callers: [] };
const ci = callerOfAll('ci', [senderOf('com.example.ci')]);
const granted: GrantsDocument = { version: '1', callers: [ci] };
const revoked: GrantsDocument = { version: '1', callers: [{ ...ci, grants: [] }] };

let system: System;
let bus: Bus;
afterEach(async () => {
  await bus.close();
  await system.close();
});

describe.each(endpoints)('a request event for $name', (endpoint) => {
  let grants = granted;
  const start = async (first: GrantsDocument, creates: (Fault | undefined)[] = [], fatal?: Step) => {
    grants = first;
    let deaths = 0;
    system = await startSystem({ sandbox: { faults: { create: () => creates.shift() } } });
    const dies = () => (step: Step) => step === fatal && ++deaths === 1;
    bus = startBus(system, endpoint, { grants: () => grants, dies });
  };
  const detail = { version: '1', ...endpoint.example.parameters, body: endpoint.example.body, idempotencyKey: 'k' };
  const made = () => system.sandbox.resources(collectionOf(endpoint));
  const told = () =>
    bus.outcomes.map(({ type, detail: { code } }) => [type.replace(/^.*(?=Created|Rejected)/, ''), code]);
  const attempts = () => system.logged.flatMap((line) => Object(line).attempt ?? []);

  it('is rejected if no caller has its sender, and leaves no record', async () => {
    await start(nobody);
    await bus.put(detail);
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([
      { detail: { status: 403, code: 'ACCESS_FAILED', detail: expect.stringContaining('dimension principal') } },
    ]);
    expect(bus.outcomes[0]?.detail).not.toHaveProperty('requestID');
    expect([made(), bus.queue.messages(), bus.deadLetters.messages()]).toEqual([[], [], []]);
    expect(system.aws.calls('DynamoDB_20120810.UpdateItem')).toBe(0);
    expect(system.sandbox.requests).toEqual([]);
    expect(attempts()).toMatchObject([
      { door: 'queue', principal: 'event:000000000000:com.example.ci', outcome: 'denied', dimension: 'principal' },
    ]);
  });

  it('is rejected if its caller has no grant for it, with the dimension', async () => {
    const elsewhere = ci.grants.map((grant) => ({ ...grant, environments: [crypto.randomUUID()] }));
    await start({ version: '1', callers: [{ ...ci, grants: elsewhere }] });
    await bus.put(detail);
    await system.pass(minute);
    expect(told()).toEqual([['Rejected', 'ACCESS_FAILED']]);
    expect(bus.outcomes[0]?.detail.detail).toContain('dimension environment');
    expect(attempts()).toMatchObject([{ caller: 'ci', dimension: 'environment', closest: 'all', sends: 0 }]);
    expect(system.sandbox.requests).toEqual([]);
  });

  it('logs the grant that allowed it', async () => {
    await start(granted);
    await bus.put(detail);
    await system.pass(minute);
    expect(attempts()).toMatchObject([{ door: 'queue', caller: 'ci', grant: 'all', outcome: 'created' }]);
  });

  it('is checked against the grants again when it is redelivered', async () => {
    await start(granted);
    await bus.put(detail);
    await system.pass(minute);
    grants = revoked;
    await bus.put(detail);
    await system.pass(minute);
    expect(told()).toEqual([
      ['Created', undefined],
      ['Rejected', 'ACCESS_FAILED'],
    ]);
    expect(made()).toHaveLength(1);
  });

  it('that may have been sent is resolved even after its grant was revoked', async () => {
    await start(granted, [{ kind: 'createLate', afterMs: 7_000, answer: 'created' }], 'after PingOne create');
    await bus.put(detail);
    await system.pass(minute);
    grants = revoked;
    await system.pass(10 * minute);
    expect(told()).toEqual([['Created', undefined]]);
    expect(made()).toHaveLength(1);
  });

  it('that created nothing is not sent again after its grant was revoked', async () => {
    await start(granted, [{ kind: 'resetBefore' }], 'after PingOne create');
    await bus.put(detail);
    await system.pass(minute);
    grants = revoked;
    await system.pass(10 * minute);
    expect(told()).toEqual([['Rejected', 'ACCESS_FAILED']]);
    expect([made(), bus.queue.messages(), bus.deadLetters.messages()]).toEqual([[], [], []]);
  });

  it('that was accepted over HTTP is rejected if its grant is revoked before its delivery', async () => {
    await start(revoked);
    const { parameters, body } = endpoint.example;
    const identity = identified('ci', endpoint, parameters, 'k', 'a-1');
    await bus.accept({
      endpoint,
      parameters,
      body,
      origin: { door: 'http' },
      correlation: { transactionID: 't' },
      ...identity,
    });
    await system.pass(minute);
    expect(told()).toEqual([['Rejected', 'ACCESS_FAILED']]);
    expect(made()).toEqual([]);
    const item = await bus.ledger.read(identity.requestID);
    expect(item).toMatchObject({ state: 'rejected', problem: 'ACCESS_FAILED', status: 403, caller: 'ci' });
  });
});
