import { execFile } from 'node:child_process';
import { cp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../../infra/local/loopback/reply.ts';
import { createConnectorInstance as endpoint } from '../../lib/endpoints/create-connector-instance.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Fixture, startFixture } from '../documents/openapi/fixture.ts';
import { snippet } from '../guides/guides.ts';
import { bash } from '../guides/program.ts';
import { collectionOf } from '../harness/front-door.ts';

const source = fileURLToPath(new URL('./typescript/', import.meta.url));
/** At the same depth as its source, so that it finds the same packages. */
const project = fileURLToPath(new URL('../../.build/clients/typescript/', import.meta.url));
const packages = '../../../node_modules';

/** The set-up of the guide's snippet, line by line. */
const [install = '', generate = '', runIt = ''] = snippet('typescript-setup').trim().split('\n');
const { devDependencies } = packageJson;

let fixture: Fixture;

const node = async (...args: readonly string[]) => {
  const { apiPath, accessToken } = fixture.gateway;
  const env = {
    API_PATH: apiPath,
    ACCESS_TOKEN: accessToken,
    ENVIRONMENT_ID: endpoint.example.parameters.environmentID,
    NODE_OPTIONS: process.env.NODE_OPTIONS,
  };
  const ended = promisify(execFile)(process.execPath, args, { cwd: project, env });
  const {
    code = 0,
    stdout,
    stderr,
  } = await ended.then(
    (output) => ({ code: 0, ...output }),
    (failed) => failed,
  );
  return { code, stdout, stderr };
};

beforeAll(async () => {
  fixture = await startFixture();
  await rm(project, { recursive: true, force: true });
  await cp(source, project, { recursive: true });
  await writeFile(`${project}create.mts`, snippet('typescript'));
  const env = { NODE_OPTIONS: '--import ./typescript-5.ts', npm_config_offline: 'true' };
  const { code, stderr } = await bash(generate.replace('http://127.0.0.1:3000', fixture.gateway.url), {
    cwd: project,
    env,
  });
  expect(code, stderr).toBe(0);
}, 30_000);

afterAll(() => fixture.close());

describe('a TypeScript program with types from the OpenAPI document', () => {
  it('needs the packages that the guide installs', () => {
    const installed = install.replace('npm install ', '').split(' ');
    expect(installed.map((name) => Object.keys(devDependencies).includes(name.replace('@', '-')))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("compiles, as the guide's program does", async () => {
    expect(await node(`${packages}/typescript/bin/tsc`)).toMatchObject({ code: 0, stdout: '' });
  });

  it('creates its resource once per key', async () => {
    const first = await node('provision.ts', 'order-4711', 'Typed');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(await node('provision.ts', 'order-4711', 'Typed')).toEqual(first);
    expect(fixture.gateway.sandbox.resources(collectionOf(endpoint)).map(({ id }) => `${id}\n`)).toEqual([
      first.stdout,
    ]);
  });

  it('prints its violations, and the remedy', async () => {
    expect(await node('provision.ts', 'order-4712', ' <')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^INVALID_DATA: .*\n {2}name: name must not start with white space/),
    });
    expect(await node('provision.ts', 'order-4711', 'Another')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^KEY_REUSED: .*\nChoose another key/),
    });
  });

  it('prints when to retry', async () => {
    const limited = json(429, { code: 'REQUEST_LIMITED', message: 'Too many requests.' }, { 'retry-after': '100' });
    const run = () => node('provision.ts', 'order-4713', 'Limited');
    expect(await fixture.whilePingOne(async () => limited, run)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^REQUEST_LIMITED: .*\nRun it again with the same key in 100 s\.\n$/),
    });
  });

  it("creates one resource by the guide's program, however often it is run", async () => {
    const first = await node(...runIt.replace('node ', '').split(' '));
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{32}\n$/), stderr: '' });
    expect(await node('create.mts')).toEqual(first);
  });
});
