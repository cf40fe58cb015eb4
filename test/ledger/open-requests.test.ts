import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsRequest } from '../../infra/local/aws/aws.ts';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { openRequestsGauge } from '../../lib/ledger/open-requests-gauge.ts';
import { deploymentKey, openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { scanOpen, scanWaiting } from '../../lib/ledger/scan-open.ts';
import { type System, startSystem } from '../harness/system.ts';

const minute = 60_000;
const never = () => ({ kind: 'createThenHang' }) as const;
const unlisted = () => ({ kind: 'listFails', answer: 500 }) as const;
let system: System;
let faults: { create?: () => ReturnType<typeof never>; list?: () => ReturnType<typeof unlisted> };
beforeEach(async () => {
  faults = {};
  system = await startSystem({
    dynalite: true,
    sandbox: { faults: { create: () => faults.create?.(), list: () => faults.list?.() } },
  });
});
afterEach(() => system.close());

/** The gauge's log line. */
const measured = async () => {
  const { clock, dynamo, log, logged } = system;
  const openAt = (now: number) => scanOpen({ dynamo, table: ledgerTable, now, consistent: false });
  await openRequestsGauge({ openAt, log, now: clock.now })();
  return Object(logged.at(-1)).open;
};

const [first, second] = endpoints;
const body = (name: string) => ({ ...first?.example.body, name });

describe('the gauge of open requests', () => {
  it('counts 0 if every request is closed', async () => {
    await system.ask({ key: 'made' });
    expect(await measured()).toEqual({ count: 0, oldestMs: 0, endpoints: {} });
  });

  it('counts unknown outcomes and attempts that died after a send, by endpoint, with the age of the oldest', async () => {
    faults = { create: never, list: unlisted };
    await system.ask({ key: 'unknown', body: body('one') });
    faults = {};
    await system.pass(30 * minute);
    await system.ask({ key: 'died', body: body('two'), dies: (step) => step === 'after PingOne create' });
    if (second) {
      await system.ask({
        key: 'died',
        endpoint: second,
        ...second.example,
        dies: (step) => step === 'after PingOne create',
      });
    }
    // No send for it.
    await system.ask({ key: 'unsent', body: body('three'), dies: (step) => step === 'before ledger renew' });
    // Their leases still run: an attempt may be in progress.
    expect(await measured()).toMatchObject({ count: 1, endpoints: { [String(first?.name)]: 1 } });
    await system.pass(5 * minute);
    const open = await measured();
    expect(open).toMatchObject({ count: 3, endpoints: { [String(first?.name)]: 2, [String(second?.name)]: 1 } });
    expect(open.oldestMs).toBeGreaterThan(35 * minute);
    expect(open.oldestMs).toBeLessThan(36 * minute);
    await system.ask({ key: 'unknown', body: body('one') });
    expect(await measured()).toMatchObject({ count: 2 });
  });

  it('counts the age of a request from its first send, or from its beginning', async () => {
    const item = {
      state: 'unknown',
      caller: 'c',
      fingerprint: 'f',
      name: 'n',
      parameters: {},
      arrivalID: 'a',
    } as const;
    const openOf = (times: object) => ({
      id: 'r',
      endpoint: 'e',
      item: { ...item, createdAt: 10, updatedAt: 90, ...times },
    });
    const lines: unknown[] = [];
    const gauge = async (open: ReturnType<typeof openOf>) => {
      const openAt = async function* () {
        yield open;
      };
      await openRequestsGauge({ openAt, log: (_, line) => lines.push(line), now: () => 100 })();
    };
    await gauge(openOf({ firstSent: 40 }));
    await gauge(openOf({}));
    expect(lines).toMatchObject([{ open: { oldestMs: 60 } }, { open: { oldestMs: 90 } }]);
  });

  it('counts services with a pending deployment, with the age of the oldest', async () => {
    const lines: unknown[] = [];
    const openAt = async function* () {
      for (const wantedAt of [60, 20, 90]) yield { wantedAt };
    };
    await openRequestsGauge({ openAt, log: (_, line) => lines.push(line), now: () => 100 })();
    expect(lines).toEqual([
      { open: { count: 0, oldestMs: 0, endpoints: {} }, pendingDeployments: { count: 3, oldestMs: 80 } },
    ]);
  });

  it('finds services with a pending deployment in the table, and requests beside them', async () => {
    faults = { create: never, list: unlisted };
    await system.ask({ key: 'unknown', body: body('one') });
    await openPendingDeployments(system.table, 'e').add('waiting', 'alice', 7);
    await system.table.change(deploymentKey('e', 'deployed'), { set: { wanted: 1, deployed: 1 } });
    // A denied request whose attempt died: it sends nothing.
    await system.table.change('e#request#denied', { set: { state: 'sending', lease: 1 } });
    const { clock, dynamo } = system;
    const found = [];
    for await (const one of scanWaiting({ dynamo, table: ledgerTable, now: clock.now(), consistent: true })) {
      found.push('wantedAt' in one ? one : one.endpoint);
    }
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([{ wantedAt: 7 }, first?.name]));
  });

  it('reads every page of the table', async () => {
    const scans = () => system.aws.requests.filter(({ operation }: AwsRequest) => operation === 'Scan');
    faults = { create: never, list: unlisted };
    await system.ask({ key: 'unknown', body: body('one') });
    // DynamoDB ends a page at 1 MB.
    const filler = 'x'.repeat(390_000);
    for (let nth = 0; nth < 6; nth++) {
      await system.table.change(`${first?.name}#name#${nth}`, {
        set: { filler },
        condition: 'attribute_not_exists(pk)',
      });
    }
    expect(await measured()).toMatchObject({ count: 1 });
    expect(scans().length).toBeGreaterThan(1);
    expect(scans().every(({ input }) => Object(input).TableName === ledgerTable)).toBe(true);
  });
});
