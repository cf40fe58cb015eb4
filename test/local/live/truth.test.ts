import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ledgerTable } from '../../../infra/local/aws/dynamodb.ts';
import { type Gateway, startGateway } from '../../../infra/local/gateway/gateway.ts';
import type { View } from '../../../infra/local/live/view.ts';
import { createConnectorInstance as endpoint } from '../../../lib/endpoints/create-connector-instance.ts';
import { call, setFaults } from '../../harness/front-door.ts';

let gateway: Gateway;

beforeAll(async () => {
  const environment = { PINGONE_TIMEOUT_MS: '300', GRACE_ANSWERED_MS: '100', GRACE_LOST_MS: '200' };
  gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {}, environment });
});

afterAll(() => gateway?.close());

const names = fc.constantFrom('a', 'b');
const keys = fc.constantFrom('k1', 'k2', undefined);

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('call' as const), name: names, key: keys, isAsync: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('put' as const), name: names, key: keys, isValid: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('misput' as const), bus: fc.constantFrom('default', 'other') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('junk' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), nth: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      create: fc.constantFrom(null, 'refuse', 'resetBefore', 'createThenReset', 'createThenHang', 'fail'),
    }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

let round = 0;

const put = (detail: object, EventBusName = 'pingone-provisioner') =>
  callAws('AWSEvents.PutEvents', {
    Entries: [
      {
        ...{ EventBusName, Source: 'com.example.catalogue', DetailType: endpoint.event },
        Detail: JSON.stringify({ version: '1', ...endpoint.example.parameters, ...detail }),
      },
    ],
  });

const callAws = async (target: string, body: object) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none';
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', authorization };
  const answer = await fetch(gateway.awsEndpoint, {
    method: 'POST',
    headers: { ...headers, 'x-amz-date': '20300101T000000Z' },
    body: JSON.stringify(body),
  });
  return Object(await answer.json());
};

const perform = async (each: Action): Promise<unknown> => {
  const body = (name: string) => ({ ...endpoint.example.body, name: `${name}${round}` });
  switch (each.do) {
    case 'call': {
      const headers = {
        ...(each.key && { 'idempotency-key': `${each.key}-${round}` }),
        ...(each.isAsync && { prefer: 'respond-async' }),
      };
      return call(gateway, endpoint, { body: body(each.name), headers });
    }
    case 'put':
      return put({
        body: each.isValid ? body(each.name) : {},
        idempotencyKey: each.key && `${each.key}-${round}`,
      });
    case 'misput':
      return put({ body: body('a') }, each.bus);
    case 'junk':
      return gateway.queues.get(endpoint.name)?.queue.send({ body: 'no JSON' });
    case 'restart':
      return Promise.all(
        [...gateway.functions.http.values(), ...gateway.functions.queue.values()].map((f) => f.kill()),
      );
    case 'retry': {
      const views = await viewsNow();
      return fetch(`${gateway.url}/local/retry`, {
        method: 'POST',
        body: JSON.stringify({ id: views.at(-each.nth)?.id }),
      });
    }
    case 'fail':
      return setFaults(gateway, { create: each.create });
  }
};

const viewsNow = async (): Promise<readonly View[]> =>
  JSON.parse(await (await fetch(`${gateway.url}/local/requests`)).text());

/** The page's and the ledger's states, once no request runs or is due. */
const atRest = async () => {
  const views = await viewsNow();
  const isDue = ({ outcome, nextDeliveryAt = Infinity }: View) =>
    outcome === 'running' || nextDeliveryAt < Date.now() + 1_000;
  if (views.some(isDue)) return undefined;
  const { Items } = await callAws('DynamoDB_20120810.Scan', { TableName: ledgerTable, ConsistentRead: true });
  return { views, items: Object(Items).map((item: object) => unmarshall({ ...item })) };
};

const shownFor: Readonly<Record<string, RegExp>> = {
  created: /^(created|adopted|replayed|gone)$/,
  unknown: /^(unknown|deadLetter)$/,
  sending: /^(unknown|deadLetter)$/,
  accepted: /^(waiting|deadLetter|lost)$/,
  rejected: /^(rejected|invalid|denied|busy|limited|failed|waiting|deadLetter)$/,
};

it('the live page agrees with the ledger and the queues after any requests, faults, restarts and retries', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 8 }), async (actions) => {
      round += 1;
      await setFaults(gateway, {});
      const pending: Promise<unknown>[] = [];
      for (const each of actions) {
        const done = perform(each);
        pending.push(done);
        // Some overlap.
        await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 30))]);
      }
      // A message is tried for a minute while PingOne fails.
      await setFaults(gateway, {});
      await Promise.all(pending);
      const { views, items } = Object(await vi.waitUntil(atRest, { timeout: 50_000, interval: 200 }));
      for (const view of views) {
        const request = view.ledger?.find(([name]: [string]) => name === 'request')?.[1];
        const item = Object(items.find(({ pk }: { pk: string }) => pk === `${endpoint.name}#request#${request}`));
        if (request === undefined) continue;
        expect(view.ledger?.find(([name]: [string]) => name === 'state')?.[1], JSON.stringify(view.timeline)).toBe(
          item.state,
        );
        expect(view.outcome, JSON.stringify(view)).toMatch(shownFor[item.state] ?? /^$/);
      }
      const made = items.filter(({ pk, state }: { pk: string; state: string }) => pk.includes('#request#') && state);
      const shown = new Set(views.map(({ ledger }: View) => ledger?.[0]?.[1]));
      const missing = made.filter(({ pk }: { pk: string }) => !shown.has(pk.split('#')[2] ?? ''));
      // A request without a key that joined an equal one is shown as that one.
      expect(missing.filter(({ problem }: { problem: string }) => problem !== 'REQUEST_IN_PROGRESS')).toEqual([]);
      // A message that was delivered twice may have two dead letters; a killed function may leave it in its queue, too.
      const isDead = ({ outcome }: View) => outcome === 'deadLetter';
      const { queue, deadLetters } = gateway.queues.get(endpoint.name) ?? expect.fail();
      const dead = deadLetters.messages().length;
      expect(views.filter(isDead).length).toBeLessThanOrEqual(dead);
      const isWaiting = ({ outcome }: View) => outcome === 'waiting';
      const isShown = views.some(isDead) || (queue.messages().length > 0 && views.some(isWaiting));
      if (dead > 0) expect(isShown).toBe(true);
      for (const { door, outcome } of views) if (door === 'Queue') expect(outcome).toMatch(/^(deadLetter|waiting)$/);
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);
