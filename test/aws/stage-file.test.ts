import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findStage, readStage, StageUnusable, settingsIn } from '../../infra/aws/settings/stage-file.ts';
import { exampleFile, settingsOf, stageOf } from './examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'stages-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** A stage in a new file, since a module is loaded once. */
const written = (text: string) => {
  const file = join(folder, `stage-${count++}.ts`);
  writeFileSync(file, text);
  return findStage(file);
};

const withSettings = (change: object) =>
  written(`export const stage = ${JSON.stringify({ ...settingsOf('dev'), ...change })};`);

describe('the file of a stage', () => {
  it('is found by its path, and is named like the stage', () => {
    expect(findStage(exampleFile('prod'))).toEqual({ name: 'prod', file: exampleFile('prod') });
  });

  it('is loaded and checked from any folder', async () => {
    writeFileSync(join(folder, 'own.grants.json'), JSON.stringify({ version: '1', callers: [] }));
    const own = withSettings({ grants: 'own.grants.json', region: 'ap-southeast-2' });
    expect(await readStage(own)).toEqual({
      ...stageOf('dev'),
      region: 'ap-southeast-2',
      grants: { version: '1', nonProduction: [], callers: [] },
    });
  });

  it('is an example if no own file has the name', async () => {
    expect(await readStage(findStage(exampleFile('dev')))).toEqual(stageOf('dev'));
  });

  it('has a readable region although other settings are invalid', async () => {
    expect(await settingsIn(withSettings({ grants: 'none.json', auth: 1 }))).toMatchObject({ region: 'eu-west-1' });
  });

  it.each([
    ['stages/none.ts', 'There is no file stages/none.ts.'],
    ['prdo', /^There is no stage "prdo", .* Did you mean prod\? Known are .*prod.*; npm run setup writes a new one/],
    [exampleFile('dev.grants').replace(/ts$/, 'json'), /dev\.grants\.json names the stage .* rename the file/],
  ])('is not %s', (given, message) => {
    expect(() => findStage(given)).toThrow(StageUnusable);
    expect(() => findStage(given)).toThrow(message);
  });

  it.each([
    ['does not export a stage', 'export const stages = {};', 'does not export its settings: write "export const stage'],
    ['is not TypeScript', 'export const stage = {', "can't be loaded: "],
  ])('has an error with the remedy if it %s', async (_, text, message) => {
    await expect(readStage(written(text))).rejects.toThrow(StageUnusable);
    await expect(readStage(written(text))).rejects.toThrow(message);
  });
});

const [iam] = settingsOf('dev').auth;
const [jwt] = settingsOf('prod').auth;

describe('an invalid setting', () => {
  it.each<[object, string | RegExp]>([
    [{ regoin: 'eu-west-1' }, 'regoin is not a setting; did you mean region?'],
    [{ production: 'no' }, 'production must be a boolean, not a string'],
    [{ production: undefined }, 'production is required and must be a boolean'],
    [{ secret: 'creat' }, 'secret must be "create" or an object'],
    [{ secret: { import: { nam: 'x' } } }, 'secret.import.name is required and must be a string'],
    [{ auth: [{ type: 'saml' }] }, 'auth[0].type must be jwt or iam'],
    [{ auth: [{ type: 'jwt', issuer: 'http://a.example' }] }, 'auth[0].issuer must be an https URL'],
    [
      { auth: [{ type: 'iam', callers: [{ name: 'one', trust: { acount: '1' } }] }] },
      'auth[0].callers[0].trust.account is required and must be a string',
    ],
    [
      { auth: [{ type: 'iam', callers: [{ name: 'one', trust: { account: '12' } }] }] },
      'auth[0].callers[0].trust.account must be an AWS account id: 12 digits',
    ],
    [{ auth: undefined }, 'auth is required'],
    [{ auth: iam }, 'auth must be a list: write [{ … }] in place of { … }'],
    [{ auth: [] }, 'auth must have at least 1 item'],
    [{ auth: [iam, { ...iam, basePath: 'other' }] }, 'auth[1].type must not repeat iam'],
    [{ auth: [{ ...iam, basePath: 'iam' }] }, 'auth[0].basePath must be absent: callers of the first kind call at /v1'],
    [{ auth: [jwt, iam] }, 'auth[1].basePath is required after the first kind: "iam" lets its callers call at /iam/v1'],
    [{ auth: [jwt, { ...iam, basePath: 'v1' }] }, 'auth[1].basePath must not be v1 or docs'],
    [{ auth: [jwt, { ...iam, basePath: 'docs' }] }, 'auth[1].basePath must not be v1 or docs'],
    [{ auth: [jwt, { ...iam, basePath: '/iam' }] }, 'auth[1].basePath must be kebab case without slashes'],
    [{ auth: [jwt, { ...iam, basePath: 'Iam' }] }, 'auth[1].basePath must be kebab case'],
    [{ auth: [jwt, { ...iam, basePath: '{proxy+}' }] }, 'auth[1].basePath must be kebab case'],
    [{ auth: [jwt, { ...iam, basePath: '' }] }, 'auth[1].basePath must be kebab case'],
    [{ auth: [jwt, { ...iam, basePath: 'iam' }], region: undefined }, 'region is needed with IAM callers'],
    [{ auth: [jwt] }, /^grants can't be used: iam:123456789012:.* can never match: .*auth has no kind iam/],
    [{ grants: 'none.json' }, /^grants names .*none\.json, which can't be used: ENOENT/],
    [{ alarmEmail: 'me' }, 'alarmEmail must be a mail address'],
    [{ endpointSecrets: { 'create-nothing': 'create' } }, 'endpointSecrets'],
    [{ logRetentionDays: 15 }, 'logRetentionDays must be one of 1, 3, 5'],
    [{ region: undefined }, 'region is needed with IAM callers'],
  ])('is reported with its remedy: %j', async (change, line) => {
    const own = withSettings(change);
    const message = await readStage(own).then(
      () => 'valid',
      (error) => String(error.message),
    );
    const [first = '', ...lines] = message.split('\n');
    expect(first).toMatch(
      /^.*stage-\d+\.ts has \d+ invalid settings? \(infra\/aws\/settings\/stage\.ts explains each\):$/,
    );
    expect(lines).toContainEqual(
      typeof line === 'string'
        ? expect.stringContaining(`  ${line}`)
        : expect.stringMatching(new RegExp(line.source.replace('^', '^  '))),
    );
  });
});
