import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerTable } from '../../infra/local/aws/dynamodb.ts';
import { localClient } from '../../infra/operator/local-run.ts';
import { mergeLedger } from '../../infra/operator/merge-ledger.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { fillPath } from '../../lib/endpoints/path.ts';
import { openPendingDeployments } from '../../lib/ledger/pending-deployments.ts';
import { atTerminal } from '../harness/at-terminal.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type System, startSystem } from '../harness/system.ts';
import { loadTool } from './load-tool.ts';

let system: System;
beforeEach(async () => {
  system = await startSystem({ dynalite: true, sandbox: { faults: { create: () => faults.shift() } } });
});
afterEach(() => system.close());

const faults: { kind: 'resetBefore' | 'createThenReset' }[] = [];

const here = () => ['--local', '--url', system.aws.endpoint];

const ledger = (verb: string, ...args: string[]) =>
  loadTool('ledger', [verb, ...args, ...here(), '--output', 'json', ...(verb === 'unknown' ? [] : ['--by', 'olga'])]);

/** Settles without being asked. */
const settle = (...args: string[]) => ledger('settle', ...args, '--yes');

const open = async () => (await ledger('unknown')).lines.map((line) => Object(JSON.parse(line)));

// The command finds out by itself which endpoint a request is of: the last is looked at last.
describe.each(endpoints.slice(-1))('npm run ledger, for $name', (endpoint) => {
  /** Leaves one request open, whose attempt died while PingOne made its resource or did not. */
  const leaveOpen = async (kind: 'resetBefore' | 'createThenReset') => {
    faults.push({ kind });
    await system.ask({ endpoint, key: 'k', dies: (step) => step === 'after PingOne create' });
    await system.pass(40_000);
  };
  const made = () => system.sandbox.resources(collectionOf(endpoint)).map(({ id }) => id);

  it('lists open requests, without bodies', async () => {
    expect(await open()).toEqual([]);
    await leaveOpen('resetBefore');
    expect(await open()).toEqual([
      {
        id: expect.stringMatching(/^[\da-f]{64}$/),
        endpoint: endpoint.name,
        caller: 'alice',
        parameters: endpoint.example.parameters,
        firstSent: expect.any(String),
        lastSent: expect.any(String),
      },
    ]);
  });

  it('does not list a request that died before its send', async () => {
    await system.ask({ endpoint, key: 'k', dies: (step) => step === 'before ledger renew' });
    await system.pass(40_000);
    expect(await open()).toEqual([]);
  });

  it('closes a request with its resource, which the key then replays', async () => {
    await leaveOpen('createThenReset');
    const [{ id }] = await open();
    const { lines, code } = await settle(id, '--created', made()[0] ?? '');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      audit: 'SETTLED_BY_HAND',
      by: 'olga',
      request: id,
      created: made()[0],
    });
    expect(await open()).toEqual([]);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed', id: made()[0] });
    expect(await system.table.read(`${endpoint.name}#request#${id}`)).toMatchObject({
      state: 'created',
      settledBy: 'olga',
    });
    expect(await settle(id, '--absent')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('closed as created'),
    });
  });

  it('adds a pending deployment for a resource that waits for one, and prints how to deploy it', async () => {
    faults.push({ kind: 'createThenReset' });
    const dies = (step: string) => step === 'after PingOne create';
    await system.ask({ endpoint, key: 'k', deploysAfter: true, dies });
    await system.pass(40_000);
    const [{ id }] = await open();
    const { lines } = await settle(id, '--created', made()[0] ?? '');
    const path = fillPath(endpoint.deployment?.path ?? '', endpoint.example.parameters);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ deploy: `POST /v1${path}` });
    expect(await system.table.read(`${endpoint.name}#deployment#${path}`)).toMatchObject({
      wanted: 1,
      caller: 'alice',
    });
    expect(await system.table.read(`${endpoint.name}#request#${id}`)).toMatchObject({
      state: 'created',
      deploymentNumber: 1,
    });
  });

  it('closes a request as never created, and the key creates at once', async () => {
    await leaveOpen('resetBefore');
    const [{ id }] = await open();
    expect((await settle(id, '--absent')).code).toBe(0);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
  });

  it('shows its change, and records it only after a yes', async () => {
    await leaveOpen('resetBefore');
    const [{ id }] = await open();
    const without = await ledger('settle', id, '--absent');
    expect(without).toMatchObject({ lines: [], code: 2 });
    expect(without.stderr).toContain(`${endpoint.name}, of the caller alice, environmentID `);
    expect(without.stderr).toContain('it created nothing; a retry with its key sends the create again.');
    expect(without.stderr).toContain('there is no terminal; --yes confirms it.');
    expect(await atTerminal(['y'], () => ledger('settle', id, '--absent'))).toMatchObject({
      lines: [],
      stderr: expect.stringContaining('nothing was recorded'),
      code: 1,
    });
    expect(await open()).toHaveLength(1);
    expect((await atTerminal(['yes'], () => ledger('settle', id, '--absent'))).code).toBe(0);
    expect(await open()).toEqual([]);
  });

  it('prints text without --output json', async () => {
    await leaveOpen('resetBefore');
    const [{ id, lastSent }] = await open();
    const listed = await loadTool('ledger', ['unknown', ...here()]);
    expect(listed.lines).toEqual([
      id,
      expect.stringMatching(new RegExp(`^  ${endpoint.name}, of the caller alice, .*last ${lastSent}$`)),
    ]);
    expect(listed.stderr).toBe('1 request is open.\n');
    const settled = await loadTool('ledger', ['settle', id, '--absent', '--by', 'olga', '--yes', ...here()]);
    expect(settled.lines).toEqual([expect.stringMatching(`^Settled by olga: the request ${id} created nothing; `)]);
  });

  it("does not assign another request's resource", async () => {
    await system.ask({ endpoint, key: 'first' });
    await leaveOpen('resetBefore');
    const [{ id }] = await open();
    expect(await settle(id, '--created', made()[0] ?? '')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('belongs to another'),
    });
    expect(await open()).toHaveLength(1);
  });
});

describe('a ledger that lost items', () => {
  const [endpoint] = endpoints;
  if (!endpoint) throw new Error('there is no endpoint');
  const made = () => system.sandbox.resources(collectionOf(endpoint)).length;
  const dynamo = () => new DynamoDBClient(localClient(system.aws.endpoint));

  const scan = async (TableName: string) => (await dynamo().send(new ScanCommand({ TableName }))).Items ?? [];
  const copyTo = async (TableName: string) => {
    const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' } as const];
    const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' } as const];
    const table = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' } as const;
    await dynamo().send(new CreateTableCommand(table));
    await waitUntilTableExists({ client: dynamo(), minDelay: 1, maxWaitTime: 20 }, { TableName });
    for (const Item of await scan(ledgerTable)) await dynamo().send(new PutItemCommand({ TableName, Item }));
  };
  const empty = async () => {
    for (const { pk } of await scan(ledgerTable))
      if (pk) await dynamo().send(new DeleteItemCommand({ TableName: ledgerTable, Key: { pk } }));
  };

  it('gets them back from a restored table, and creates nothing twice', async () => {
    await system.ask({ endpoint, key: 'k' });
    const before = await scan(ledgerTable);
    await copyTo('restored');
    await empty();
    const { lines, code } = await ledger('merge', '--from', 'restored');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      audit: 'MERGED',
      by: 'olga',
      requests: 1,
      names: 1,
      unchanged: 0,
    });
    expect(await scan(ledgerTable)).toEqual(expect.arrayContaining(before));
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed' });
    expect(made()).toBe(1);
  });

  it('restores the pending deployments of a service and preserves its own', async () => {
    const pendingDeployments = () => openPendingDeployments(system.table, endpoint.name);
    await pendingDeployments().add('service', 'alice', 1);
    await copyTo('restored');
    await empty();
    await ledger('merge', '--from', 'restored');
    expect(await pendingDeployments().read('service')).toMatchObject({ wanted: 1 });
    await pendingDeployments().add('service', 'alice', 2);
    await ledger('merge', '--from', 'restored');
    expect(await pendingDeployments().read('service')).toMatchObject({ wanted: 2 });
  });

  it('preserves newer items, and changes nothing the second time', async () => {
    faults.push({ kind: 'resetBefore' });
    await system.ask({ endpoint, key: 'k', dies: (step) => step === 'after PingOne create' });
    await copyTo('restored');
    await system.pass(90_000);
    await system.ask({ endpoint, key: 'k' });
    const closed = await scan(ledgerTable);
    for (const _ of ['first', 'second']) {
      const { lines } = await ledger('merge', '--from', 'restored');
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requests: 0, unchanged: 1 });
      const requests = (await scan(ledgerTable)).filter(({ pk }) => pk?.S?.includes('#request#'));
      expect(closed).toEqual(expect.arrayContaining(requests));
    }
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'replayed' });
    expect(made()).toBe(1);
  });

  it('gets the newer state from the table that it was restored from', async () => {
    await system.ask({ endpoint, key: 'k', dies: (step) => step === 'before PingOne create' });
    await copyTo('older');
    await system.pass(90_000);
    await system.ask({ endpoint, key: 'k' });
    const merge = { dynamo: dynamo(), into: 'older', from: ledgerTable };
    expect(await mergeLedger(merge)).toMatchObject({ requests: 1 });
    expect(await scan('older')).toEqual(
      expect.arrayContaining((await scan(ledgerTable)).filter(({ pk }) => pk?.S?.includes('#request#'))),
    );
  });

  it('is not merged with a table that does not exist', async () => {
    expect(await ledger('merge', '--from', 'absent')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('absent'),
    });
    expect(await ledger('merge')).toMatchObject({ code: 2, stderr: expect.stringContaining('--from TABLE') });
  });
});

describe('npm run ledger', () => {
  it.each([
    [['settle', 'x'], 2, '--created RESOURCE or --absent'],
    [['settle', 'x', '--absent', '--created', 'y'], 2, '--created RESOURCE or --absent'],
    [['settle', 'x', '--absent'], 1, 'there is no request x'],
    [['settle', 'x', '--absent', '--yes'], 1, 'there is no request x'],
    [['sttle'], 2, 'not "sttle"; did you mean settle?'],
    [['unknown', '--nonsense'], 2, '--nonsense'],
    [['unknown', '--table', 'absent'], 1, 'the ledger could not be read'],
  ])('explains the error in %j in one sentence', async (args, code, words) => {
    const [verb = '', ...others] = args;
    const result = await ledger(verb, ...others);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(words);
    expect(result.stderr).not.toContain('    at ');
  });
});
