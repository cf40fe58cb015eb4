import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account } from '../../infra/local/aws/account.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { acceptedMessage } from '../../lib/intake/accepted-request.ts';
import { type Bus, startBus } from '../harness/bus.ts';
import { exampleWith, oversizedMembers } from '../harness/hostile-input.ts';
import { type System, startSystem } from '../harness/system.ts';

const minute = 60_000;

/** The bodies that an event can have: a bus accepts only JSON. */
const oversized = Object.entries(oversizedMembers).filter(([name]) => /150,000$|number of|of 500 KB/.test(name));

let system: System;
let bus: Bus;

afterEach(async () => {
  await bus.close();
  await system.close();
});

describe.each(endpoints)('a hostile event for $name', (endpoint) => {
  beforeEach(async () => {
    system = await startSystem();
    bus = startBus(system, endpoint);
  });

  it('ends as a rejection, whatever its body expands to', async () => {
    const envelope = { source: 'com.example.ci', account, time: '2026-01-01T00:00:00Z', 'detail-type': endpoint.event };
    const detail = JSON.stringify({ version: '1', ...endpoint.example.parameters });
    for (const [id, members] of oversized) {
      const start = JSON.stringify({ ...envelope, id }).slice(0, -1);
      await bus.send(`${start},"detail":${detail.slice(0, -1)},"body":${exampleWith(members(), endpoint)}}}`);
    }
    await system.pass(minute);
    expect(bus.queue.messages()).toEqual([]);
    expect(bus.outcomes).toHaveLength(oversized.length);
    expect(new Set(bus.outcomes.map(({ type }) => type))).toEqual(
      new Set([endpoint.event.replace('Requested', 'Rejected')]),
    );
    for (const { detail } of bus.outcomes) expect(JSON.stringify(detail).length).toBeLessThan(10_000);
    expect(system.sandbox.requests).toEqual([]);
  });

  it('has an outcome with at most a hundred violations', async () => {
    const paths = Array.from({ length: 10 }, () => ({ type: 'EXACT', pattern: '\u0001'.repeat(2_000) }));
    const body = { ...endpoint.example.body, name: 1, paths };
    await bus.put({ version: '1', ...endpoint.example.parameters, body });
    await system.pass(minute);
    expect(bus.outcomes).toMatchObject([{ detail: { code: 'INVALID_DATA' } }]);
    expect(Object(bus.outcomes[0]?.detail.pointers).length).toBeLessThanOrEqual(100);
  });

  it('goes to the dead letters if it claims falsely to have been accepted over HTTP', async () => {
    const forged = acceptedMessage({ requestID: 'f'.repeat(64), arrivalID: 'a-1', body: endpoint.example.body });
    await bus.send(forged);
    await system.pass(minute);
    expect(bus.deadLetters.messages().map(({ body }) => body)).toEqual([forged]);
    expect([bus.queue.messages(), bus.outcomes, system.sandbox.requests]).toEqual([[], [], []]);
  });
});
