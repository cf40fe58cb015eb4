import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { grantsFile } from '../../infra/aws/settings/deployable-grants.ts';
import { BadCommand } from '../../infra/command/command.ts';
import { parse } from '../../infra/command/parse.ts';
import { readGrantsFile } from '../../infra/local/start/grants-flag.ts';
import { flags, questionIn } from '../../infra/operator/grants-question.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { parseGrants } from '../../lib/grants/document.ts';
import { loadTool } from '../operator/load-tool.ts';
import {
  apiServer,
  documentWith,
  environment,
  instanceGrant,
  instances,
  operationGrant,
  operations,
} from './fixtures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grants-'));
});
afterAll(() => rm(folder, { recursive: true }));

const grants = (...args: string[]) => loadTool('grants', args);

const written = async (document: unknown): Promise<string> => {
  const file = join(folder, 'grants.json');
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
};

describe('npm run grants -- check', () => {
  it('reports a document without violations', async () => {
    const file = await written(documentWith(instanceGrant(), operationGrant()));
    expect(await grants('check', file)).toEqual({
      lines: ['no violations; callers: 1, grants: 2'],
      stderr: '',
      code: 0,
    });
  });

  it('ignores a byte order mark', async () => {
    const file = await written(`\uFEFF${JSON.stringify(documentWith(instanceGrant()))}`);
    expect(await grants('check', file)).toMatchObject({ lines: ['no violations; callers: 1, grants: 1'], code: 0 });
    expect(await readGrantsFile(file)).toEqual(parseGrants(documentWith(instanceGrant())));
    expect(z.parse(grantsFile, file)).toEqual(parseGrants(documentWith(instanceGrant())));
  });

  it('prints each violation on a line, its pointer first', async () => {
    const file = await written(documentWith(instanceGrant({ names: ['a*b'], environments: ['dev'] })));
    expect(await grants('check', file)).toEqual({
      lines: [
        '/callers/0/grants/0/environments/0 callers[0].grants[0].environments[0] must be a UUID, or * for all',
        '/callers/0/grants/0/names/0 callers[0].grants[0].names[0] must be exact or end in a single *',
      ],
      stderr: '',
      code: 1,
    });
  });

  it('names the position of a JSON syntax error, or a missing file', async () => {
    expect(await grants('check', await written('{\n  "version": 1,\n}'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^.*grants\.json can't be read: the document is not JSON at line 3, column 1: \w+\.\n$/,
      ),
    });
    expect(await grants('check', join(folder, 'none'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^.*none can't be read \(ENOENT: .*\)\.\n$/),
    });
  });
});

describe('npm run grants -- explain', () => {
  const instance = [
    '--endpoint',
    instances.name,
    '--environment',
    environment.toUpperCase(),
    '--connector',
    'httpConnector',
  ];
  const operation = ['--endpoint', operations.name, '--environment', environment, '--api-server', apiServer];
  const platform = ['--principal', 'iam:123456789012:Platform'];
  const explained = async (...args: string[]) => {
    const expires = '2030-01-01T00:00:00Z';
    const [caller] = documentWith(instanceGrant(), operationGrant({ expires })).callers;
    const issuer = 'https://auth.example.com:8443/as';
    const principals = [
      { iam: { account: '123456789012', role: 'Platform' } },
      { jwt: { issuer, client: 'a:client:b' } },
      { jwt: { issuer, subject: 's' } },
      { event: { account: '123456789012', source: 'com.example' } },
      { webhook: 'service-now' },
    ];
    const document = { version: '1', nonProduction: [environment], callers: [{ ...caller, principals }] };
    const { lines, stderr, code } = await grants('explain', await written(document), ...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return lines;
  };

  it.each([
    'iam:123456789012:Platform',
    'jwt:https://auth.example.com:8443/as:client:a:client:b',
    'jwt:https://auth.example.com:8443/as:subject:s',
    'event:123456789012:com.example',
    'webhook:service-now',
  ])('explains why %s is allowed', async (principal) => {
    expect(await explained('--principal', principal, ...instance, '--name', 'ci-1')).toEqual([
      'allow',
      'why: the grant covers every dimension',
      `grant: ${JSON.stringify(instanceGrant())}`,
      'caller: platform',
    ]);
  });

  it('explains why a principal is denied, and by which grant', async () => {
    expect(await explained(...platform, ...instance, '--name', 'prod')).toEqual([
      'deny',
      'why: Denied by the dimension name: the caller has no grant for this name.',
      `closest grant: ${JSON.stringify(instanceGrant())}`,
      'caller: platform',
    ]);
    expect(await explained('--principal', 'event:123456789012:x', ...instance, '--name', 'ci-1')).toEqual([
      'deny',
      'why: Denied by the dimension principal: no caller has this principal.',
      'closest grant: none',
      'caller: none',
    ]);
  });

  it.each([
    ['allow', ['--path', '/orders', '--path', '/orders/{id}', '--access-control', '--at', '2029-12-31T23:59:59Z']],
    ['path', ['--path', '/orders', '--path', '/{id}', '--access-control']],
    ['accessControl', ['--path', '/orders']],
    ['expired', ['--path', '/orders', '--access-control', '--at', '2030-01-01T00:00:00Z']],
  ])('decides %s for an operation with %j', async (what, flags) => {
    const lines = await explained(...platform, ...operation, ...flags);
    expect(lines.slice(0, 2).join()).toContain(what === 'allow' ? 'allow' : `Denied by the dimension ${what}:`);
  });
});

describe('npm run grants', () => {
  it.each([[], ['--help'], ['explain', '--help']])('prints help for %j', async (...args) => {
    const { lines, code } = await grants(...args);
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/Usage: npm run grants -- check FILE.*--principal.*--at TIME/s);
  });

  const endpoint = ['--endpoint', instances.name, '--environment', environment];
  const who = ['--principal', 'iam:123456789012:Platform'];
  const whole = ['--connector', 'c', '--name', 'n'];

  it.each([
    [['forbid', 'f'], 'the command is check or explain, not "forbid".'],
    [['chekc', 'f'], 'the command is check or explain, not "chekc"; did you mean check?'],
    [['check'], 'check needs FILE; --help explains it.'],
    [['check', 'f', 'g'], 'check takes FILE; "g" is not expected.'],
    [['check', 'f', ...who], 'check takes no --principal; --help lists the flags.'],
    [['explain', 'f'], 'explain needs --principal; --help lists the flags.'],
  ])('ends %j with one sentence and exit code 2', async (args, sentence) => {
    expect(await grants(...args)).toEqual({ lines: [], stderr: `${sentence}\n`, code: 2 });
  });

  it.each([
    [['explain', 'f', '--principle', 'x'], '--principle is not a flag; did you mean --principal?'],
    [['explain', 'f', '--path'], '--path needs a value: --path P.'],
    [['explain', 'f', ...who], 'explain needs --endpoint; --help lists the flags.'],
    [['explain', 'f', ...who, '--endpoint', instances.name], 'explain needs --environment; --help lists the flags.'],
    [
      ['explain', 'f', ...who, '--endpoint', 'e'],
      `--endpoint is ${endpoints.map(({ name }) => name).join(' or ')}, not "e".`,
    ],
    [
      ['explain', 'f', ...who, '--endpoint', instances.name, '--environment', 'dev'],
      '--environment must be a UUID, not "dev".',
    ],
    [['explain', 'f', ...who, ...endpoint, '--name', 'n'], 'create-connector-instance needs --connector.'],
    [['explain', 'f', ...who, ...endpoint, ...whole, '--path', '/'], 'create-connector-instance has no --path.'],
    [
      ['explain', 'f', ...who, ...endpoint, ...whole, '--at', 'noon'],
      '--at must be a date-time (RFC 3339), not "noon".',
    ],
    [
      ['explain', 'f', '--principal', 'me', ...endpoint],
      '--principal "me" does not have one of the five forms in --help.',
    ],
    [
      ['explain', 'f', '--principal', 'iam:1:r', ...endpoint],
      '--principal: iam.account must be an AWS account id: 12 digits.',
    ],
    [
      ['explain', 'f', '--principal', 'jwt:http://x:client:c', ...endpoint],
      '--principal: jwt.issuer must be an https URL (http only on the loopback interface).',
    ],
  ])('explains the error in %j', (args, sentence) => {
    const explain = () =>
      questionIn(parse({ call: 'npm run grants', args: ['VERB', 'FILE'], flags }, args).values, Date.now);
    expect(explain).toThrow(BadCommand);
    expect(explain).toThrow(sentence.slice(0, -1));
  });

  it('has a flag for each value that a limit checks', () => {
    const paths = ['--path', '/orders', '--path', '/orders/{id}'];
    const where = [
      '--endpoint',
      operations.name,
      '--environment',
      environment,
      '--api-server',
      apiServer.toUpperCase(),
    ];
    const args = ['explain', 'f', ...who, ...where, ...paths, '--access-control'];
    expect(
      questionIn(parse({ call: 'npm run grants', args: ['VERB', 'FILE'], flags }, args).values, Date.now).request,
    ).toMatchObject({
      parameters: { environmentID: environment, apiServerID: apiServer },
      body: {
        paths: [
          { type: 'EXACT', pattern: '/orders' },
          { type: 'PARAMETER', pattern: '/orders/{id}' },
        ],
        accessControl: { group: { groups: 'some-id' } },
      },
    });
  });
});
