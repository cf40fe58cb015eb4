import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { type Bus, startBus } from '../harness/bus.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
let bus: Bus;
afterEach(async () => {
  await bus.close();
  await system.close();
});

const minute = 60_000;

describe.each(endpoints)('a message for $name that has to wait', (endpoint) => {
  it('logs in each attempt’s line its age and its number of receives', async () => {
    const always = Array.from({ length: 200 }, (): Fault => ({ kind: 'limit', retryAfter: 60 }));
    system = await startSystem({ sandbox: { faults: { create: () => always.pop() } } });
    bus = startBus(system, endpoint);
    await bus.put({ version: '1', ...endpoint.example.parameters, body: endpoint.example.body });
    await system.pass(90 * minute);
    const attempts = system.logged.flatMap((line) => Object(line).attempt ?? []).map(Object);
    expect(attempts[0]).toMatchObject({ door: 'queue', receives: 1 });
    expect(attempts[0].waitingMs).toBeLessThan(1_000);
    expect(attempts.map(({ receives }) => receives)).toEqual(attempts.map((_, index) => index + 1));
    const waited = attempts.map(({ waitingMs }) => waitingMs);
    expect(waited).toEqual(waited.toSorted((one, other) => one - other));
    expect(waited.at(-1)).toBeGreaterThan(70 * minute);
    expect(waited.at(-1)).toBeLessThan(90 * minute);
  });
});
