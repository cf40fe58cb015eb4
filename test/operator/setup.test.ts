import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStage, readStage } from '../../infra/aws/settings/stage-file.ts';
import { questions } from '../../infra/operator/setup/questions.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { decide } from '../../lib/grants/decide.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { synthesise } from '../aws/synthesise.ts';
import { atTerminal } from '../harness/at-terminal.ts';
import { loadScript } from '../harness/load-script.ts';

const script = new URL('../../infra/operator/setup/setup.ts', import.meta.url).pathname;

let folder: string;
let file: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'setup-'));
  // A module is loaded once: each test has a stage of another name.
  file = join(folder, `stage-${count++}.ts`);
});
afterEach(() => rm(folder, { recursive: true }));

const account = '210987654321';
const environment = 'ABFBA8F6-49EB-49F5-A5D9-80AD5C98F9F6';
const needed = ['--account', account, '--environment', environment];

/** Neither an AWS region of this machine nor the synthesis, which `test/aws/deploy.sh` has. */
const setup = (...args: string[]) =>
  loadScript(script, ['--file', file, '--no-synth', ...args], { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });

const written = async () => ({
  stage: await readStage(findStage(file)),
  grants: parseGrants(JSON.parse(await readFile(file.replace(/ts$/, 'grants.json'), 'utf8'))),
});

describe('npm run setup', () => {
  it('writes a stage with IAM callers of the account, and its grants, from two answers', async () => {
    const { code, stdout, stderr } = await setup(...needed);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Written and checked: .*\.ts, .*\.grants\.json\.\n$/)]);
    const { stage, grants } = await written();
    expect(stage).toMatchObject({
      ...{ account, region: 'eu-west-1', production: false, removal: 'destroy', secret: 'create' },
      auth: [{ type: 'iam', callers: [{ name: 'platform', trust: { account } }] }],
      senders: [{ account, sources: ['platform'] }],
    });
    expect(stage.grants).toEqual(grants);
    for (const endpoint of endpoints) {
      const { parameters, body } = endpoint.example;
      for (const principal of [
        { iam: { account, role: `pingone-provisioner-${findStage(file).name}-eu-west-1-platform` } },
        { event: { account, source: 'platform' } },
      ]) {
        const request = { endpoint, parameters: { ...parameters, environmentID: environment.toLowerCase() }, body };
        expect(decide(grants, principal, request, Date.now())).toMatchObject({ allowed: true, caller: 'platform' });
      }
    }
    expect(stdout).toContain(`\n  npx cdk bootstrap -c stage=${file}\n  npx cdk deploy --all -c stage=${file}\n`);
    expect(stdout).toMatch(/^ {2}npm run check-worker -- --secret \S+ --environment \S+ --fill \S+$/m);
  });

  it('writes a stage that synthesizes unchanged', async () => {
    await setup(...needed, '--region', 'us-east-2');
    const { stage: settings } = await import(/* @vite-ignore */ file);
    const { service } = synthesise(findStage(file).name, { ...settings, grants: file.replace(/ts$/, 'grants.json') });
    expect(service.ofType('AWS::Lambda::Function').length).toBeGreaterThan(endpoints.length);
  });

  it('writes a stage with JWT callers for production, with the issuer of PingOne’s own region', async () => {
    const operator = `arn:aws:iam::${account}:role/on-call`;
    const args = ['--region', 'ca-central-1', '--callers', 'jwt', '--client', 'the-client', '--production', 'yes'];
    const { code, stderr } = await setup(...needed, ...args, '--operator', operator, '--alarm-email', 'a@example.com');
    expect(code, stderr).toBe(0);
    const { stage, grants } = await written();
    const issuer = `https://auth.pingone.ca/${environment}/as`;
    expect(stage).toMatchObject({
      ...{ production: true, removal: 'retain', alarmEmail: 'a@example.com' },
      auth: [{ type: 'jwt', issuer, audience: ['pingone-provisioner'], scopes: ['provision'] }],
      operators: { redrive: [operator], settle: [operator], stop: [operator], mfa: false },
    });
    expect(grants).toMatchObject({ nonProduction: [], callers: [{ principals: [{ jwt: { issuer } }, {}] }] });
    expect(grants.callers[0]?.grants).toMatchObject([{ production: true, environments: [environment.toLowerCase()] }]);
  });

  it.each([
    ['a role', ['role', '--role', 'Provision'], { scopes: [], roles: ['Provision'] }],
    ['nothing', ['nothing'], { scopes: [], roles: [] }],
  ])('writes a stage whose tokens need %s, for a caller by its subject', async (_, needs, auth) => {
    const args = ['--callers', 'jwt', '--issuer', 'https://login.example.com/v2.0', '--client', 'subject:the-object'];
    const { code, stderr } = await setup(...needed, ...args, '--token-needs', ...needs);
    expect(code, stderr).toBe(0);
    const { stage, grants } = await written();
    expect(stage).toMatchObject({ auth: [auth] });
    expect(grants.callers[0]?.principals[0]).toEqual({
      jwt: { issuer: 'https://login.example.com/v2.0', subject: 'the-object' },
    });
  });

  it('prints its files and the next steps as JSON', async () => {
    const { stdout } = await setup(...needed, '--output', 'json');
    expect(JSON.parse(stdout)).toEqual({
      stage: file,
      grants: file.replace(/ts$/, 'grants.json'),
      commands: [
        expect.stringMatching(/^npx cdk bootstrap/),
        expect.stringMatching(/^npx cdk deploy/),
        expect.any(String),
      ],
    });
  });

  it('asks for each missing flag, again after an invalid answer', async () => {
    const answers = [account.slice(1), account, '', environment, '', '', '', 'catalogue', '', ''];
    const { code, stderr } = await atTerminal(answers, () => setup());
    expect(stderr).toContain('It must be an AWS account id: 12 digits.\n');
    expect(code).toBe(0);
    expect((await written()).stage).toMatchObject({ account, senders: [{ sources: ['catalogue'] }] });
  });

  it('asks for no setting with a default, with --yes', async () => {
    expect(await atTerminal([], () => setup(...needed, '--yes'))).toMatchObject({ code: 0 });
  });

  it('writes nothing without an answer', async () => {
    const { code, stderr } = await atTerminal([], () => setup());
    expect([code, stderr]).toEqual([1, 'there was no answer; nothing was done.\n']);
    expect(existsSync(file)).toBe(false);
  });

  it('never overwrites without a yes', async () => {
    await setup(...needed);
    await writeFile(file, 'mine');
    const refusal = { code: 1, stderr: expect.stringContaining(`${file} exists and was left as it is; --overwrite`) };
    expect(await setup(...needed)).toMatchObject(refusal);
    expect(await atTerminal(['no'], () => setup(...needed, '--yes'))).toMatchObject(refusal);
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect((await setup(...needed, '--overwrite')).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('export const stage: StageSettings = {');
  });

  it.each([
    [[], 'setup needs --account ID and --environment ID, or a terminal to ask at.'],
    [[...needed, '--callers', 'jwt'], 'setup needs --client ID, or a terminal to ask at.'],
    [[...needed, '--production', 'yes'], 'setup needs --operator ARN, or a terminal to ask at.'],
    [[...needed, '--callers', 'saml'], '--callers "saml" must be one of iam, jwt'],
    [
      [...needed, '--pingone-region', 'eu'],
      '--pingone-region "eu" must be one of NA, CA, EU, AU, SG, AP; did you mean EU?',
    ],
    [['--account', '123', '--environment', environment], '--account "123" must be an AWS account id: 12 digits.'],
    [['--account', account, '--environment', 'dev'], '--environment "dev" must be a UUID.'],
    [[...needed, '--region', 'Ireland'], '--region "Ireland" must be a region such as eu-west-1.'],
    [[...needed, '--source', 'aws.x'], '--source "aws.x" must not begin with "aws." or "pingone.provisioner".'],
    [[...needed, '--file', 'stages/My Stage.ts'], 'must be named with lower-case letters, digits and hyphens'],
    [[...needed, '--production', 'yes', '--operator', 'me'], '--operator "me" must be the ARN of one IAM user or role'],
  ])('writes nothing for %j, and explains why', async (args, sentence) => {
    const { code, stdout, stderr } = await setup(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(existsSync(file)).toBe(false);
  });

  it('has a valid default for each question', () => {
    const answers: Record<string, string> = { environment, caller: 'platform', 'pingone-region': 'EU' };
    for (const { defaultAnswer, violation, flag } of questions) {
      const usual = defaultAnswer?.({ ...answers, region: 'eu-west-1' });
      expect([flag, usual === undefined ? undefined : violation(usual)]).toEqual([flag, undefined]);
    }
  });
});
