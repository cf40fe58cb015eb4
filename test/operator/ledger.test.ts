import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type System, startSystem } from '../harness/system.ts';

const command = fileURLToPath(new URL('../../infra/operator/ledger.ts', import.meta.url));
const run = promisify(execFile);

let system: System;
beforeEach(async () => {
  system = await startSystem({ sandbox: { faults: { create: () => faults.shift() } } });
});
afterEach(() => system.close());

const faults: { kind: 'resetBefore' | 'createThenReset' }[] = [];

const ledger = async (...args: string[]) => {
  const all = [command, ...args, '--local', '--url', system.aws.endpoint, '--by', 'olga'];
  const { stdout, stderr, code } = await run(process.execPath, all).then(
    (output) => ({ ...output, code: 0 }),
    (error) => ({ stdout: String(error.stdout), stderr: String(error.stderr), code: Number(error.code) }),
  );
  return { lines: stdout.split('\n').filter(Boolean), stderr, code };
};

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

  it('lists what is open, without a body', async () => {
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

  it('does not list what died before anything was sent', async () => {
    await system.ask({ endpoint, key: 'k', dies: (step) => step === 'before ledger renew' });
    await system.pass(40_000);
    expect(await open()).toEqual([]);
  });

  it('closes one with the resource that PingOne made, and the key replays it', async () => {
    await leaveOpen('createThenReset');
    const [{ id }] = await open();
    const { lines, code } = await ledger('settle', id, '--created', made()[0] ?? '');
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
    expect(await ledger('settle', id, '--absent')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('closed as created'),
    });
  });

  it('closes one as never made, and the key starts afresh at once', async () => {
    await leaveOpen('resetBefore');
    const [{ id }] = await open();
    expect((await ledger('settle', id, '--absent')).code).toBe(0);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
  });

  it('does not give one request the resource of another', async () => {
    await system.ask({ endpoint, key: 'first' });
    await leaveOpen('resetBefore');
    const [{ id }] = await open();
    expect(await ledger('settle', id, '--created', made()[0] ?? '')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('belongs to another'),
    });
    expect(await open()).toHaveLength(1);
  });
});

describe('npm run ledger', () => {
  it.each([
    [['settle', 'x'], 2, '--created RESOURCE or --absent'],
    [['settle', 'x', '--absent', '--created', 'y'], 2, '--created RESOURCE or --absent'],
    [['settle', 'x', '--absent'], 1, 'there is no request x'],
    [['sttle'], 2, 'unknown command "sttle"'],
    [['unknown', '--nonsense'], 2, '--nonsense'],
    [['unknown', '--table', 'absent'], 1, 'the ledger could not be read'],
  ])('says in one sentence what is wrong with %j', async (args, code, words) => {
    const result = await ledger(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(words);
    expect(result.stderr).not.toContain('    at ');
  });
});
