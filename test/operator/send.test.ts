import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import type { Faults } from '../../infra/local/sandbox/sandbox.ts';
import { localApi } from '../../infra/operator/send/api.ts';
import { deliver } from '../../infra/operator/send/deliver.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { startIamFront } from '../guides/iam-front.ts';
import { collectionOf } from '../harness/front-door.ts';
import { loadTool } from './load-tool.ts';

let gateway: Gateway;
let folder: string;
let faults: Faults = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'send-'));
  gateway = await startGateway({
    ...{ port: 0, awsPort: 0, onLog: () => {} },
    sandbox: { faults: { create: (creation) => faults.create?.(creation) } },
  });
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  faults = {};
});

const noApi = { API_PATH: undefined, ACCESS_TOKEN: undefined, ENVIRONMENT_ID: undefined };

const file = async (content: unknown): Promise<string> => {
  const path = join(folder, 'body.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const send = async (content: unknown, ...args: string[]) =>
  loadTool('send/send', [await file(content), '--url', gateway.url, ...args], Object(noApi));

const [instances] = endpoints;
if (!instances) throw new Error('there is no endpoint');
const named = (name: string) => ({ ...instances.example.body, name });
const made = (name: string) =>
  gateway.sandbox.resources(collectionOf(instances)).filter((resource) => Object(resource).name === name);

describe.each(endpoints)('npm run send, for $name', (endpoint) => {
  it('infers the endpoint from the body, and sends a new key', async () => {
    const { lines, stderr, code } = await send({ ...endpoint.example.body, name: 'Looks' }, '--output', 'json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'Looks' });
    expect(stderr).toMatch(new RegExp(`POST ${gateway.apiPath}${collectionOf(endpoint)}\n`));
    expect(stderr).toMatch(/Idempotency-Key: [\da-f-]{36}\n.* 201 created\n$/);
  });
});

describe('npm run send', () => {
  it('gets the first resource again with the same key', async () => {
    for (const how of ['created', 'replayed'])
      expect((await send(named('Twice'), '--key', 'k')).stderr).toContain(` 201 ${how}\n`);
    expect(made('Twice')).toHaveLength(1);
  });

  it('follows an accepted request until it is created', async () => {
    const { lines, stderr, code } = await send(named('Later'), '--async', '--output', 'json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ state: 'created', resource: { id: made('Later')[0]?.id } });
  });

  it('waits for Retry-After, and sends again with the same key', async () => {
    faults = { create: () => ({ kind: 'limit', retryAfter: 3_600 }) };
    const said: string[] = [];
    const { ok } = await deliver({
      api: await localApi(gateway.url),
      path: collectionOf(instances),
      ...{ key: 'again', body: JSON.stringify(named('Again')), isAsync: false, until: Number.POSITIVE_INFINITY },
      delay: async (ms) => {
        said.push(`waits ${ms} ms`);
        faults = {};
      },
      say: (text) => said.push(text),
    });
    expect(ok).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(/^429 REQUEST_LIMITED: ./),
      'again in 3600 s, with the same key',
      'waits 3600000 ms',
      '201 created',
    ]);
    expect(made('Again')).toHaveLength(1);
  });

  it('stops when the time is over, and prints how to continue', async () => {
    faults = { create: () => ({ kind: 'limit', retryAfter: 3_600 }) };
    const { lines, stderr, code } = await send(named('Never'), '--minutes', '0', '--key', 'never');
    expect([code, lines]).toEqual([1, []]);
    expect(stderr).toMatch(
      /its outcome is not known yet; send it again with --key never, which never creates a second one\.\n$/,
    );
  });

  it('prints every violation of a rejected request', async () => {
    const { lines, code } = await send({ name: 'Bad', conector: { id: 5 }, more: 1 });
    expect(code).toBe(1);
    expect(lines).toEqual([
      'Not created: The request has invalid values',
      '  connector is required and must be an object',
      '  conector is not a member that PingOne documents; did you mean connector?',
      expect.stringMatching(/^ {2}more is not a member/),
    ]);
  });

  it('signs for a stage with IAM callers, with the credentials that AWS’s clients find', async () => {
    const key = {
      region: 'eu-west-3',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret/+',
      sessionToken: 'token+=',
    };
    const front = await startIamFront({ ...key, url: gateway.url, accessToken: gateway.accessToken });
    const env = {
      ...noApi,
      ...{ API_PATH: `${front.url}/v1`, ENVIRONMENT_ID: instances.example.parameters.environmentID },
      ...{ AWS_REGION: key.region, AWS_ACCESS_KEY_ID: key.accessKeyId },
      ...{ AWS_SECRET_ACCESS_KEY: key.secretAccessKey, AWS_SESSION_TOKEN: key.sessionToken },
    };
    const { stderr, code } = await loadTool('send/send', [await file(named('Signed'))], Object(env));
    await front.close();
    expect(code, stderr).toBe(0);
    expect(made('Signed')).toHaveLength(1);
  });

  it('calls the local run as an IAM caller', async () => {
    const { apiPath, credentials } = gateway.iam;
    const { environmentID } = instances.example.parameters;
    const env = {
      ...{ ...noApi, API_PATH: apiPath, ENVIRONMENT_ID: environmentID, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
      AWS_SESSION_TOKEN: credentials.sessionToken,
    };
    const { stderr, code } = await loadTool('send/send', [await file(named('By role')), '--async'], Object(env));
    expect(code, stderr).toBe(0);
    expect(made('By role')).toHaveLength(1);
  });

  it('calls a stage with the token in ACCESS_TOKEN', async () => {
    const env = { ...noApi, ACCESS_TOKEN: gateway.accessToken };
    const { environmentID } = instances.example.parameters;
    const args = [await file(named('Token')), '--api-path', gateway.apiPath, '--environment', String(environmentID)];
    expect(await loadTool('send/send', args, Object(env))).toMatchObject({ code: 0 });
    const rejected = await loadTool('send/send', args, Object({ ...env, ACCESS_TOKEN: 'old' }));
    expect(rejected).toMatchObject({ code: 1, lines: ['Not created: Unauthorized'] });
  });

  it.each([
    ['{', [], 2, /body\.json: the body is not JSON at line 1, column 2/],
    [
      { name: 'x' },
      [],
      2,
      /^say what to create: --endpoint create-connector-instance\|create-api-server-operation\.\n$/,
    ],
    [named('x'), ['--minutes', 'long'], 2, /^--minutes is a whole number from 0 to 1440, not "long"\.\n$/],
    [named('x'), ['--url', 'http://127.0.0.1:1'], 1, /^no local run answers at http:\/\/127\.0\.0\.1:1; npm start/],
    [named('x'), ['--api-path', 'here'], 2, /^--api-path must be a URL, not "here"\.\n$/],
    [named('x'), ['--api-path', 'https://a.example/v1'], 2, /^set ACCESS_TOKEN, or for a stage with IAM callers/],
  ])('sends nothing for %j with %j, and prints the reason', async (content, args, code, says) => {
    const ran = await send(content, ...args);
    expect(ran).toMatchObject({ lines: [], code });
    expect(ran.stderr).toMatch(says);
  });
});
