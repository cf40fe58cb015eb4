import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stage } from '../../infra/aws/settings/stage.ts';
import { unmatchedIn } from '../../infra/aws/settings/unmatched-grants.ts';
import { type GrantsDocument, parseGrants } from '../../lib/grants/document.ts';
import { elsewhere, environment, instanceGrant } from '../grants/fixtures.ts';
import { loadTool } from '../operator/load-tool.ts';
import { examples, settingsOf, stageOf } from './examples.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const issuer = 'https://issuer.example/as';
const jwt = [{ type: 'jwt', issuer }] as const;
const iam = [{ type: 'iam' }] as const;
const both = [...iam, ...jwt] as const;
const webhooks = { ci: {} };
const senders = [{ account: '111122223333', sources: ['com.example.a'] }];

type Principal = GrantsDocument['callers'][number]['principals'][number];
const documentOf = (principal: Principal, grant = instanceGrant()): GrantsDocument => ({
  version: '1',
  nonProduction: [environment],
  callers: [{ name: 'ci', principals: [principal], grants: [grant] }],
});
const role = { iam: { account: '111122223333', role: 'ci' } };
const client = (own = issuer) => ({ jwt: { issuer: own, client: 'c' } });

const found = (document: GrantsDocument, doors?: Parameters<typeof unmatchedIn>[2]) =>
  unmatchedIn(parseGrants(document), now, doors);

describe('a principal that can never call a stage', () => {
  it.each([
    ['an issuer with a slash at its end', client(`${issuer}/`), jwt, /differs in the slash at its end/],
    ['another issuer', client('https://other.example'), jwt, /have the issuer https:\/\/issuer\.example\/as$/],
    ['an IAM role of a stage with tokens', role, jwt, /have tokens/],
    ['a client of a stage with IAM roles', client(), iam, /are IAM roles/],
    ['another issuer than that of the second kind', client('https://other.example'), both, /have the issuer/],
    [
      'a source that no sender has',
      { event: { account: '111122223333', source: 'com.b' } },
      jwt,
      /has the source com\.b/,
    ],
    [
      'a source of another account',
      { event: { account: '444455556666', source: 'com.example.a' } },
      iam,
      /in the account 444455556666/,
    ],
    ['a source of webhooks that the stage does not have', { webhook: 'cd' }, jwt, /has no source of webhooks named cd/],
    ['a source of webhooks with a name of objects', { webhook: 'constructor' }, jwt, /named constructor/],
  ])('is %s', (_, principal, auth, message) => {
    expect(found(documentOf(principal), { auth, senders, webhooks })).toEqual([
      { pointer: '/callers/0/principals/0', message: expect.stringMatching(message) },
    ]);
  });

  it.each([
    [client(), jwt],
    [role, iam],
    [client(), both],
    [role, both],
    [client(), both.toReversed()],
    [role, both.toReversed()],
    [{ event: { account: '111122223333', source: 'com.example.a' } }, iam],
    [{ webhook: 'ci' }, iam],
    [{ webhook: 'ci' }, jwt],
  ])('is not %j', (principal, auth) => {
    expect(found(documentOf(principal), { auth, senders, webhooks })).toEqual([]);
  });
});

describe('a grant that can never match', () => {
  it('has expired', () => {
    const grant = instanceGrant({ expires: '2026-06-01T00:00:00Z' });
    expect(found(documentOf(role, grant))).toEqual([
      { pointer: '/callers/0/grants/0/expires', message: expect.stringContaining('it expired at 2026-06-01') },
    ]);
    expect(found(documentOf(role, instanceGrant({ expires: '2026-06-01T00:00:01Z' })))).toEqual([]);
  });

  it('names a production environment and is not for production', () => {
    const environments = [environment, elsewhere];
    expect(found(documentOf(role, instanceGrant({ environments })))).toEqual([
      { pointer: '/callers/0/grants/0/environments/1', message: expect.stringContaining(elsewhere) },
    ]);
    expect(found(documentOf(role, instanceGrant({ environments, production: true })))).toEqual([]);
  });

  it('stops the deployment, and npm run grants -- check', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
    const grants = { ...stageOf('prod').grants, nonProduction: [] };
    const unusable = grants.callers.map((caller) => ({
      ...caller,
      grants: caller.grants.map(({ production: _, ...grant }) => grant),
    }));
    writeFileSync(file, JSON.stringify({ ...grants, callers: unusable }));
    const { error } = stage.safeParse({ ...settingsOf('prod'), grants: file });
    expect(error?.issues.map(({ message }) => message)).toContainEqual(expect.stringContaining('can never match'));
    const { lines, code } = await loadTool('grants', ['check', file]);
    expect([lines.length, code]).toEqual([2, 1]);
    expect(lines[0]).toMatch(/^\/callers\/0\/grants\/0\/environments\/0 the grant .* can never match/);
  });

  it('is checked for a stage that is named', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
    writeFileSync(file, JSON.stringify(stageOf('prod').grants));
    expect(await loadTool('grants', ['check', file, '--stage', 'prod'])).toMatchObject({ code: 0 });
    const { lines, code } = await loadTool('grants', ['check', file, '--stage', 'dev']);
    expect(code).toBe(1);
    expect(lines[0]).toContain('callers of this stage are IAM roles');
  });

  it('is checked for a stage that has both kinds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'grants-'));
    const [grants, stageFile] = [join(folder, 'grants.json'), join(folder, 'both.ts')];
    const auth = [...settingsOf('prod').auth, ...settingsOf('dev').auth.map((kind) => ({ ...kind, basePath: 'iam' }))];
    writeFileSync(stageFile, `export const stage = ${JSON.stringify({ ...settingsOf('prod'), auth })};`);
    const check = async (...principals: readonly Principal[]) => {
      const callers = principals.map((principal, index) => ({
        ...{ name: `caller-${index}`, principals: [principal], grants: [instanceGrant()] },
      }));
      writeFileSync(grants, JSON.stringify({ version: '1', nonProduction: [environment], callers }));
      return loadTool('grants', ['check', grants, '--stage', stageFile]);
    };
    const [tokens] = settingsOf('prod').auth;
    const { issuer: own } = Object(tokens);
    expect(await check(role, client(own))).toMatchObject({ code: 0 });
    const { lines, code } = await check(role, client());
    expect([code, lines]).toEqual([1, [expect.stringMatching(/^\/callers\/1\/principals\/0 .* have the issuer /)]]);
  });

  it.each(Object.keys(examples))('is not in the example %s', (name) => {
    expect(unmatchedIn(stageOf(name).grants, Date.now(), stageOf(name))).toEqual([]);
  });
});
