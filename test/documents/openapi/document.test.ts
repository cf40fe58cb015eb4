import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openApi } from '../../../infra/documents/openapi/openapi.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { problems } from '../../../lib/problems.ts';
import { loadScript } from '../../harness/load-script.ts';
import { endsOf } from './answers.ts';
import { openApiDocument } from './document.ts';

const deployment = { apiPath: 'http://127.0.0.1:3000/v1', docsUrl: 'http://127.0.0.1:3000/guides/lib/http/ERRORS.md' };
const document = openApi(endpoints, deployment);

const run = (file: string, args: readonly string[], options = {}) =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], options);

it('the OpenAPI document causes no warning of Redocly', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'openapi-'));
  try {
    await writeFile(join(directory, 'openapi.json'), JSON.stringify(document));
    // Both of its network accesses are off.
    const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const flags = ['lint', 'openapi.json', '--extends', 'recommended', '--format', 'json'];
    const { stdout } = await run('../../../node_modules/@redocly/cli/bin/cli.js', flags, { cwd: directory, env }).catch(
      (failed) => failed,
    );
    expect(JSON.parse(stdout)).toMatchObject({ problems: [], totals: { errors: 0, warnings: 0 } });
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('the OpenAPI document has every problem with its status', () => {
  const { paths } = openApiDocument.parse(document);
  const documented = new Set(Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(endsOf)));
  for (const [code, { status }] of Object.entries(problems)) {
    expect(documented).toContain(`${code === 'PINGONE_REFUSED' ? '4XX' : status} ${code}`);
  }
});

it('the OpenAPI document has a new endpoint without any change', () => {
  const [first] = endpoints;
  if (!first) throw new Error('there is no endpoint');
  const third = { ...first, name: 'create-thing', path: '/things', event: 'ThingRequested' } as const;
  const { paths, components } = openApi([...endpoints, third], deployment);
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([...Object.keys(document.paths), '/things']));
  expect(paths).toHaveProperty(['/things', 'post', 'operationId'], 'createThing');
  expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['ThingRequest', 'Thing']));
});

it("the OpenAPI document has PingOne's operation id, path, example and answer for each create", () => {
  const paths = new Map<string, unknown>(Object.entries(document.paths));
  for (const { name, path, example } of endpoints) {
    expect(paths.get(path)).toMatchObject({
      post: {
        operationId: expect.stringMatching(new RegExp(`^${name.replaceAll('-', '')}$`, 'i')),
        requestBody: { content: { 'application/json': { example: example.body } } },
        responses: { 201: { content: { 'application/json': { example: example.resource } } } },
      },
    });
  }
});

it('the OpenAPI document has a server for each kind of callers, with its security scheme', () => {
  const iamApiPath = 'http://127.0.0.1:3000/iam/v1';
  const { servers, components } = openApi(endpoints, { ...deployment, iamApiPath });
  expect(servers).toEqual([
    { url: deployment.apiPath, description: expect.stringContaining('`accessToken`') },
    { url: iamApiPath, description: expect.stringContaining('`sigV4`') },
  ]);
  expect(Object.keys(components.securitySchemes)).toEqual(['accessToken', 'sigV4', 'webhookSignature']);
  expect(document.servers).toEqual([{ url: deployment.apiPath }]);
  expect('/iam/v1/requests/'.concat('0'.repeat(64))).toMatch(new RegExp(components.headers.Location.schema.pattern));
});

it('npm run openapi prints the OpenAPI document, for the local run or a deployment', async () => {
  const script = fileURLToPath(new URL('../../../infra/documents/print-openapi.ts', import.meta.url));
  const printed = async (...args: string[]) => JSON.parse((await loadScript(script, args)).stdout);
  expect(await printed()).toEqual(JSON.parse(JSON.stringify(document)));
  const of = { apiPath: 'https://provisioner.example/v1', docsUrl: 'https://docs.example' };
  expect(await printed('--api-path', of.apiPath, '--docs-url', of.docsUrl, '--output', 'json')).toEqual(
    JSON.parse(JSON.stringify(openApi(endpoints, of))),
  );
  const both = { ...of, iamApiPath: 'https://provisioner.example/iam/v1' };
  const args = ['--api-path', of.apiPath, '--iam-api-path', both.iamApiPath, '--docs-url', of.docsUrl];
  expect(await printed(...args)).toEqual(JSON.parse(JSON.stringify(openApi(endpoints, both))));
  expect(await loadScript(script, ['--iam-api-path', 'x'])).toMatchObject({
    code: 2,
    stderr: '--iam-api-path must be a URL, not "x".\n',
  });
  expect(await loadScript(script, ['--api-path', 'x'])).toMatchObject({
    code: 2,
    stderr: '--api-path must be a URL, not "x".\n',
  });
});
