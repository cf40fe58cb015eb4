import { readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import type { Fault } from '../../../infra/local/sandbox/create-faults.ts';
import { openRequests } from '../../../infra/operator/open-requests.ts';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { type Bus, startBus } from '../../harness/bus.ts';
import { collectionOf } from '../../harness/front-door.ts';
import { type CallerAnswer, type System, startSystem } from '../../harness/system.ts';

/** Records of version 0.1 in a ledger and a queue, by endpoint: one request for each name. */
interface Left {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly resources: readonly { readonly id: string; readonly name: string }[];
  readonly event: object;
  readonly message: object;
}

const text = readFileSync(new URL('./version-0.1.json', import.meta.url), 'utf8');
const left: { readonly at: number; readonly endpoints: Readonly<Record<string, Left>> } = JSON.parse(text);

let system: System;
let faults: (Fault | undefined)[];
beforeEach(async () => {
  faults = [];
  system = await startSystem({ sandbox: { faults: { create: () => faults.shift() } } });
});
afterEach(() => system.close());

/** Creates version 0.1's resources in PingOne, and writes its records into the ledger with the new ids. */
const upgrade = async (endpoint: Endpoint, at = left.at): Promise<ReadonlyMap<string, string>> => {
  const { items, resources } = left.endpoints[endpoint.name] ?? expect.fail();
  await system.ask({ endpoint, key: 'warm', body: { ...endpoint.example.body, name: 'Warm' } });
  const { authorization } = system.sandbox.requests.at(-1)?.headers ?? {};
  const headers = { authorization: String(authorization), 'content-type': 'application/json' };
  let records = JSON.stringify(items);
  const ids = new Map<string, string>();
  for (const { id, name } of resources) {
    const body = JSON.stringify({ ...endpoint.example.body, name });
    const made = await fetch(system.sandbox.apiBase + collectionOf(endpoint), { method: 'POST', headers, body });
    ids.set(name, Object(await made.json()).id);
    records = records.replaceAll(id, ids.get(name) ?? '');
  }
  const put = async () => {
    for (const item of JSON.parse(records)) {
      await system.dynamo.send(new PutItemCommand({ TableName: ledgerTable, Item: marshall(item) }));
    }
  };
  await system.clock.during(put());
  await system.pass(Math.max(0, at - system.clock.now()));
  return ids;
};

const retryAfterOf = (answer: CallerAnswer) => ('problem' in answer ? (answer.problem.facts.retryAfterMs ?? 0) : 0);
const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;

describe.each(endpoints)('after an upgrade, $name', (endpoint) => {
  const body = (name: string) => ({ ...endpoint.example.body, name });
  const ask = (name: string, key?: string) => system.ask({ endpoint, body: body(name), ...(key && { key }) });

  it('replays created requests, finds lost resources, and sends nothing', async () => {
    const ids = await upgrade(endpoint);
    const before = creates();
    await system.pass(60_000);
    expect(await ask('Created', 'created')).toMatchObject({ answered: 201, how: 'replayed', id: ids.get('Created') });
    // After a 500, after a lost answer, when its function died, and when it died after the name had the resource.
    for (const name of ['Answered', 'Lost', 'Died', 'Taken']) {
      const key = name.toLowerCase();
      expect(await ask(name, key), name).toMatchObject({ answered: 201, how: 'adopted', id: ids.get(name) });
      expect(await ask(name, key), name).toMatchObject({ answered: 201, how: 'replayed', id: ids.get(name) });
    }
    expect(creates()).toBe(before);
  });

  it('sends an uncreated request again, after its grace period', async () => {
    await upgrade(endpoint, 0);
    const early = await ask('Never made', 'never-made');
    expect(early).toMatchObject({ answered: 504, problem: { code: 'OUTCOME_UNKNOWN' } });
    await system.pass(retryAfterOf(early));
    expect(await ask('Never made', 'never-made')).toMatchObject({ answered: 201, how: 'created' });
    expect(system.sandbox.resources(collectionOf(endpoint)).filter(({ name }) => name === 'Never made')).toHaveLength(
      1,
    );
  });

  it('waits for an open request that holds the name, and then creates', async () => {
    const ids = await upgrade(endpoint);
    await system.pass(60_000);
    const other = await system.ask({ endpoint, body: body('Lost'), caller: 'bob', key: 'b' });
    expect(other).toMatchObject({ answered: 201, how: 'created' });
    expect(await ask('Lost', 'lost')).toMatchObject({ answered: 201, how: 'replayed', id: ids.get('Lost') });
  });

  it('cannot resolve an open request with another body, and sends nothing meanwhile', async () => {
    await upgrade(endpoint);
    const before = creates();
    const changed = endpoint.sets.includes('methods') ? { methods: ['GET'] } : { properties: { a: { value: 1 } } };
    const other = { endpoint, body: { ...body('Lost'), ...changed }, caller: 'bob', key: 'b' };
    expect(await system.ask(other)).toMatchObject({ answered: 409, problem: { code: 'REQUEST_IN_PROGRESS' } });
    expect(creates()).toBe(before);
  });

  it("does not adopt another request's resource of the name", async () => {
    const ids = await upgrade(endpoint);
    faults.push({ kind: 'createThenReset' });
    const other = await ask('Created', 'another key');
    expect(other).toMatchObject({ answered: 201, how: 'adopted' });
    expect('id' in other && other.id).not.toBe(ids.get('Created'));
  });

  it('joins an open request without a key', async () => {
    await upgrade(endpoint);
    await system.pass(60_000);
    const joined = await ask('Keyless');
    expect(joined).toMatchObject({ answered: 201, how: 'created' });
    expect(await ask('Keyless', 'keyless')).toMatchObject({ answered: 201, how: 'replayed' });
    expect(system.sandbox.resources(collectionOf(endpoint)).filter(({ name }) => name === 'Keyless')).toHaveLength(1);
  });

  it('lists the open requests', async () => {
    await upgrade(endpoint);
    await system.pass(60_000);
    const where = { dynamo: system.dynamo, table: ledgerTable, endpoints, now: system.clock.now };
    expect(await system.clock.during(openRequests(where))).toHaveLength(6);
  });

  describe('from the queue', () => {
    let bus: Bus;
    afterEach(() => bus.close());
    const outcomes = () =>
      bus.outcomes.map(({ type, detail }) => [type.replace(/^.*(?=Created|Rejected)/, ''), detail.id]);

    it('continues an accepted request', async () => {
      await upgrade(endpoint);
      bus = startBus(system, endpoint);
      await bus.send(JSON.stringify(left.endpoints[endpoint.name]?.message));
      await system.pass(60_000);
      expect(outcomes()).toEqual([['Created', 'arrival-accepted Created']]);
      expect(await ask('Accepted', 'accepted')).toMatchObject({ answered: 201, how: 'replayed' });
    });

    it('rejects again an event that was rejected', async () => {
      await upgrade(endpoint);
      const before = creates();
      bus = startBus(system, endpoint);
      await bus.send(JSON.stringify(left.endpoints[endpoint.name]?.event));
      await system.pass(60_000);
      expect(outcomes()).toEqual([['Rejected', 'event-1 Rejected']]);
      expect(creates()).toBe(before);
    });
  });
});
