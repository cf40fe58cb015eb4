import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../infra/local/sandbox/refusal.ts';
import { startSandbox } from '../../infra/local/sandbox/sandbox.ts';
import { type Finding, findings } from '../../infra/operator/worker-application.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parseSecret } from '../../lib/pingone/credentials.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { openConnections } from '../../lib/runtime/connection.ts';
import { exampleFile } from '../aws/examples.ts';
import { startAccount } from './account.ts';
import { loadTool } from './load-tool.ts';

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox({ endpoints });
  folder = await mkdtemp(join(tmpdir(), 'check-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

const parameters: Record<string, string> = Object.assign({}, ...endpoints.map(({ example }) => example.parameters));
const flags = new Map(Object.keys(parameters).map((name) => [name, name]));

const found = async (secret: object, { given = parameters, send = openConnections(systemClock) } = {}) => {
  const credentials = parseSecret(JSON.stringify(secret), 'a file');
  const asking = { endpoints, parameters: given, flags, credentials, send, now: systemClock.now };
  const all: Finding[] = [];
  for await (const finding of findings(asking)) all.push(finding);
  return all;
};

describe('npm run check-worker', () => {
  it('reports a complete set-up, and creates nothing', async () => {
    const file = join(folder, 'secret.json');
    await writeFile(file, JSON.stringify(sandbox.secret));
    const ids = ['--environment', `${parameters.environmentID}`, '--api-server', `${parameters.apiServerID}`];
    const { lines } = await loadTool('check-worker', ['--secret', file, ...ids]);
    expect(lines).toEqual([
      expect.stringMatching(/^ok {6}token: /),
      ...endpoints.flatMap(({ name, deployment }) => [
        expect.stringMatching(new RegExp(`^ok {6}list of ${name}: 0 there`)),
        ...(deployment
          ? [expect.stringMatching(`ok {6}deployment for ${name}: .*${deployment.permissions.deploy}`)]
          : []),
      ]),
      'ok      environment: orgmgt:read:environment is granted',
    ]);
    expect(lines.join()).not.toContain(sandbox.secret.clientSecret);
    const creates = sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token'));
    expect(creates).toEqual([]);
  });

  it('stores checked credentials in the secret of a stage, and reports skipped checks', async () => {
    const json = JSON.stringify(sandbox.secret);
    await writeFile(join(folder, 'secret.json'), json);
    const calls: string[] = [];
    const args = ['--secret', join(folder, 'secret.json'), '--environment', `${parameters.environmentID}`];
    const fill = ['--fill', exampleFile('dev')];
    const env = await startAccount({ outputs: ['SecretID'], calls });
    const { lines, stderr, code } = await loadTool('check-worker', [...args, ...fill], env);
    expect([code, stderr]).toEqual([0, '']);
    expect(lines).toContainEqual(expect.stringMatching(/^skipped list of \S+: needs --api-server$/));
    expect(lines.at(-1)).toMatch(/^filled {2}the secret of \S+dev\.ts: functions read it within five minutes$/);
    expect(calls).toEqual([
      'DescribeStacks pingone-provisioner-dev-state',
      `secretsmanager.PutSecretValue SecretID ${json}`,
    ]);
  });

  it('fills no secret with credentials that lack something', async () => {
    await writeFile(join(folder, 'wrong.json'), JSON.stringify({ ...sandbox.secret, clientSecret: 'wrong' }));
    const calls: string[] = [];
    const args = ['--secret', join(folder, 'wrong.json'), '--fill', exampleFile('dev')];
    const env = await startAccount({ outputs: ['SecretID'], calls });
    expect(await loadTool('check-worker', args, env)).toMatchObject({
      code: 1,
      stderr: 'Something is missing, so that the secret was not filled.\n',
    });
    expect(calls).toEqual([]);
  });

  it('works with the tokenUrl of a custom domain, and names a wrong one', async () => {
    const { authBase, environmentID, ...secret } = sandbox.secret;
    const tokenUrl = `${authBase}/${environmentID}/as/token`;
    const [token, ...lists] = await found({ ...secret, tokenUrl });
    expect(token).toMatchObject({ result: 'ok', message: expect.stringContaining(tokenUrl) });
    expect(new Set(lists.map(({ result }) => result))).toEqual(new Set(['ok']));
    expect(await found({ ...secret, tokenUrl: `${authBase}/nowhere` })).toMatchObject([
      { result: 'MISSING', subject: 'token', message: expect.stringContaining('tokenUrl') },
    ]);
  });

  it('reports a refused client, and sends no further request', async () => {
    const [token, ...others] = await found({ ...sandbox.secret, clientSecret: 'wrong' });
    expect(token).toMatchObject({
      result: 'MISSING',
      subject: 'token',
      message: expect.stringContaining('client_secret_basic'),
    });
    expect(others).toEqual([]);
  });

  it('names role, permissions and service if PingOne denies a list', async () => {
    const real = openConnections(systemClock);
    const send: typeof real = async (outgoing, timeoutMs) => {
      if (outgoing.method === 'POST') return real(outgoing, timeoutMs);
      const { status, body } = refusal(403, 'ACCESS_FAILED', 'You do not have access to this resource.');
      return { status, headers: {}, body: Buffer.from(String(body)) };
    };
    const [, ...lists] = await found(sandbox.secret, { send });
    for (const [index, { needs }] of endpoints.entries()) {
      const { permissions, role, service } = needs;
      for (const word of ['403', permissions.create, permissions.list, role ?? 'a role', service]) {
        expect(lists[index]).toMatchObject({ result: 'MISSING', message: expect.stringContaining(word) });
      }
    }
    expect(lists.at(-1)).toMatchObject({
      ...{ result: 'skipped', subject: 'environment' },
      message: expect.stringMatching(/^not readable \(403\): with orgmgt:read:environment, /),
    });
  });

  /** Runs the check with this answer to every list. */
  const foundWithLists = async (body: (collection: string) => unknown) => {
    const real = openConnections(systemClock);
    const send: typeof real = async (outgoing, timeoutMs) => {
      if (outgoing.method === 'POST') return real(outgoing, timeoutMs);
      const collection = outgoing.target.path.split('/').at(-1) ?? '';
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body(collection))) };
    };
    return (await found(sandbox.secret, { send })).filter(({ subject }) => subject.startsWith('list'));
  };

  it('names the permissions of a deployment, which only some grants need', async () => {
    const real = openConnections(systemClock);
    const send: typeof real = async (outgoing, timeoutMs) => {
      if (!outgoing.target.path.endsWith('/deployment')) return real(outgoing, timeoutMs);
      const { status, body } = refusal(403, 'ACCESS_FAILED', 'You do not have access to this resource.');
      return { status, headers: {}, body: Buffer.from(String(body)) };
    };
    const deployments = (await found(sandbox.secret, { send })).filter(({ subject }) =>
      subject.startsWith('deployment'),
    );
    const needed = endpoints.flatMap(({ deployment }) => deployment?.permissions ?? []);
    expect(deployments.length).toBe(needed.length);
    for (const [index, { deploy, read }] of needed.entries())
      for (const word of ['403', deploy, read])
        expect(deployments[index]).toMatchObject({ result: 'skipped', message: expect.stringContaining(word) });
  });

  it.each<[string, string, (collection: string) => unknown]>([
    ['an empty list without rows', '0 there', () => ({ _links: {}, count: 0 })],
    ['a list with an odd row', '2 there', (collection) => ({ _embedded: { [collection]: [null, { id: 'i' }] } })],
  ])('counts the resources in %s', async (_, says, body) => {
    for (const finding of await foundWithLists(body))
      expect(finding).toMatchObject({ result: 'ok', message: expect.stringContaining(says) });
  });

  it.each<[string, (collection: string) => unknown]>([
    ['no list', () => ({ message: 'Welcome' })],
    ['a list that shows less than it counts', () => ({ _links: {}, count: 1 })],
  ])('does not report %s as an empty list', async (_, body) => {
    for (const finding of await foundWithLists(body))
      expect(finding).toMatchObject({
        result: 'MISSING',
        message: expect.stringMatching(/without a list|PingOne's list shows/),
      });
  });

  it('reports missing settings, invalid ids, and unknown environments', async () => {
    const [, first] = await found(sandbox.secret, { given: {} });
    expect(first).toMatchObject({ result: 'skipped', message: 'needs --environmentID' });
    const [, second] = await found(sandbox.secret, { given: { ...parameters, environmentID: 'dev' } });
    expect(second).toMatchObject({ result: 'MISSING', message: '--environmentID must be a UUID' });
    const [, third] = await found(sandbox.secret, { given: { ...parameters, environmentID: crypto.randomUUID() } });
    expect(third).toMatchObject({
      result: 'MISSING',
      message: expect.stringMatching(/^404 NOT_FOUND: PingOne does not have \//),
    });
  });

  it('reports that PingOne cannot be reached', async () => {
    const away = { ...sandbox.secret, authBase: 'http://127.0.0.1:1', apiBase: 'http://127.0.0.1:1/v1' };
    expect(await found(away)).toMatchObject([{ result: 'MISSING', message: expect.stringContaining('right region') }]);
  });
});
