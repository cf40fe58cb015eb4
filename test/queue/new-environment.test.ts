import { afterEach, expect, it } from 'vitest';
import { json } from '../../infra/local/loopback/reply.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import { type Bus, senderOf, startBus } from '../harness/bus.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
let bus: Bus;
afterEach(async () => {
  await bus.close();
  await system.close();
});

const refusal: Fault = { kind: 'refuse', status: 403, code: 'ACCESS_FAILED' };
const minute = 60_000;

/** Starts a system with a new environment, which PingOne refuses creates in for so long. */
const start = async (refusesForMs: number) => {
  system = await startSystem({
    sandbox: {
      faults: { create: () => (system.clock.now() - born < refusesForMs ? refusal : undefined) },
      alter: ({ method, path }, outgoing) =>
        method === 'GET' && /^\/v1\/environments\/[^/]+$/.test(path)
          ? json(200, { id: 'x', createdAt: new Date(born).toISOString() })
          : outgoing,
    },
  });
  const born = system.clock.now();
  bus = startBus(system, endpoint);
  const { parameters, body } = endpoint.example;
  const detail = { version: '1', ...parameters, body };
  const event = { id: 'e-1', time: '2026-01-01T00:00:00Z', 'detail-type': endpoint.event, detail };
  await bus.send(JSON.stringify({ ...event, ...senderOf('com.example.ci').event }));
  await system.pass(10 * minute);
};
const told = () => bus.outcomes.map(({ type, detail: { id, status } }) => [type, id, ...(status ? [status] : [])]);

it.each([
  ['within one attempt', 20_000],
  ['after a redelivery', 55_000],
])('an event for a new environment that takes creates %s is created once', async (_, refusesForMs) => {
  await start(refusesForMs);
  expect(told()).toEqual([['ConnectorInstanceCreated', 'e-1 Created']]);
  expect(system.sandbox.resources(collectionOf(endpoint))).toHaveLength(1);
});

it("an event that the environment refuses for longer than a minute is rejected with PingOne's status", async () => {
  await start(3_600_000);
  expect(told()).toEqual([['ConnectorInstanceRejected', 'e-1 Rejected', 403]]);
  expect(bus.deadLetters.messages()).toEqual([]);
});
