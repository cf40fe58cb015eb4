import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../infra/local/loopback/loopback.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import { createApiServerOperation } from '../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import { outcomes, outcomeType } from '../../lib/queue/outcome.ts';
import { call } from '../harness/front-door.ts';
import { patternOf } from './event-rule.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { blocks, blockWhere, snippet } from './guides.ts';
import { startIamFront } from './iam-front.ts';
import { bash, itWith, run } from './program.ts';
import { runTask } from './servicenow.ts';
import { argumentsOf } from './terraform-arguments.ts';
import { runOf } from './workflow.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
}, 30_000);
afterAll(() => fixture.close());

it('every snippet of a guide is tested', () => {
  // test/clients runs those of TypeScript.
  const here = [
    'curl',
    'deployed',
    'environment',
    'faults',
    'first-grant',
    'github',
    'heal',
    'iam',
    'put-events',
    'put-operation',
    'python',
    'rule',
  ];
  const webhooks = ['webhook', 'webhook-node', 'webhook-servicenow'];
  const tested = [
    ...here,
    'servicenow',
    'terraform',
    'terraform-pingone',
    'typescript',
    'typescript-setup',
    ...webhooks,
  ];
  expect(blocks.flatMap(({ name }) => name || []).toSorted()).toEqual(tested);
});

describe('with curl', () => {
  itWith('bash', 'curl')('creates one resource, however often it is sent', async () => {
    const send = async () => Object(JSON.parse((await bash(fixture.snippet('curl'))).stdout)).id;
    const id = await send();
    expect(await send()).toBe(id);
    expect(fixture.made('API_HTTP_Connection')).toEqual([id]);
  });

  itWith('bash', 'curl')('creates with a signature in place of a token', async () => {
    const { stdout } = await bash(fixture.snippet('iam'));
    expect(fixture.made('Signed')).toEqual([Object(JSON.parse(stdout)).id]);
  });

  itWith('bash', 'curl')('lets PingOne fail, lists the kinds, and ends the faults', async () => {
    const { stdout } = await bash(fixture.snippet('faults'));
    expect(JSON.parse(stdout)).toMatchObject({ create: 'any', list: 'listLags', rate: 0.5 });
    const url = `${fixture.gateway.url}/local/faults`;
    expect(await (await fetch(url)).json()).toMatchObject({ create: 'any', kinds: expect.anything() });
    expect(await (await fetch(url, { method: 'PUT', body: '{}' })).json()).toMatchObject({ create: null, list: null });
  });
});

describe('an operation', () => {
  itWith('bash', 'curl')('is deployed after its create', async () => {
    const { code, stdout, stderr } = await bash(fixture.snippet('deployed').replace('sleep 20', 'sleep 5'));
    expect(code, stderr).toBe(0);
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({ state: 'created', deployment: 'deployed', deployedAt: expect.any(String) });
  });

  it('from the bus is deployed after its create', async () => {
    const [, entries = ''] = /--entries '(.+)'/s.exec(snippet('put-operation')) ?? [];
    await fetch(fixture.gateway.awsEndpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: JSON.parse(entries) }),
    });
    const idsOf = (type: string) =>
      fixture.outcomes.flatMap((event) => (event['detail-type'] === type ? [Object(event.detail).requestID] : []));
    await expect.poll(() => idsOf('ApiServerOperationCreated'), { timeout: 10_000 }).toHaveLength(1);
    const [id] = idsOf('ApiServerOperationCreated');
    await expect.poll(() => idsOf('ApiServiceDeployed'), { timeout: 10_000 }).toContain(id);
  });
});

describe('on GitHub Actions', () => {
  const step = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'session/token+=',
    GITHUB_RUN_ID: '1658821493',
  };

  itWith('bash', 'curl')('signs as the role, and is authorized', async () => {
    const { gateway, env, made } = fixture;
    await using opened = new AsyncDisposableStack();
    const role = {
      region: step.AWS_REGION,
      accessKeyId: step.AWS_ACCESS_KEY_ID,
      secretAccessKey: step.AWS_SECRET_ACCESS_KEY,
      sessionToken: step.AWS_SESSION_TOKEN,
    };
    const iam = await startIamFront({ ...role, url: gateway.url, accessToken: gateway.accessToken });
    opened.defer(iam.close);
    // What GitHub and AWS's action set, and what the step says itself; nothing else.
    const said = [...snippet('github').matchAll(/(\w+): '\$\{\{ vars\.\1 \}\}'/g)].map(([, name]) => name);
    expect(said).toEqual(['API_PATH', 'ENVIRONMENT_ID']);
    const own = { API_PATH: `${iam.url}/v1`, ENVIRONMENT_ID: env.ENVIRONMENT_ID };
    const { code, stdout, stderr } = await bash(runOf(snippet('github')), { env: { ...step, ...own } });
    expect(code, stdout + stderr).toBe(0);
    expect(made('From GitHub')).toEqual([JSON.parse(stdout).id]);
    expect(iam.arrivals.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, /,
      ),
    ]);
    expect(iam.arrivals.map(({ headers }) => headers['idempotency-key'])).toEqual([step.GITHUB_RUN_ID]);
  });
});

describe('in Python', () => {
  const python = () => run('python3', ['-c', snippet('python')], { env: fixture.env });

  itWith('python3')('ends with the problem if it is refused', async () => {
    const refuse = { kind: 'refuse', status: 400, code: 'INVALID_DATA' } as const;
    const { code, stdout, stderr } = await fixture.whilePingOneFails({ create: () => refuse }, python);
    expect([code, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({ status: 400, type: expect.stringMatching(/#PINGONE_REFUSED$/) });
  });

  itWith('python3')('waits for Retry-After if an answer is lost, and gets the one resource', async () => {
    const first = fixture.statuses.length;
    const isLost = () => !fixture.statuses.includes(504, first);
    const { code, stdout, stderr } = await fixture.whilePingOneFails(
      {
        create: () => (isLost() ? { kind: 'createThenReset' } : undefined),
        list: () => (isLost() ? { kind: 'listFails', answer: 503 } : undefined),
      },
      python,
    );
    expect(code, stderr).toBe(0);
    expect(fixture.statuses.slice(first)).toEqual([504, 201]);
    expect(fixture.made('From Python')).toEqual([stdout.trim()]);
  });
});

describe('in Python, without an answer', () => {
  const script = snippet('python');

  itWith('python3')('sends again with the same key', async () => {
    await using opened = new AsyncDisposableStack();
    const front = await listen(0);
    opened.defer(front.close);
    const keys: unknown[] = [];
    front.answer(async ({ headers }) => {
      keys.push(headers['idempotency-key']);
      return keys.length === 1 ? 'reset' : json(201, { id: 'created' });
    });
    const env = { ...fixture.env, API_PATH: front.url };
    expect(await run('python3', ['-c', script], { env })).toEqual({ code: 0, stdout: 'created\n', stderr: '' });
    expect(keys).toEqual(['order-4722', 'order-4722']);
  });

  itWith('python3')('gives up after its time limit, and names the key', async () => {
    const env = { ...fixture.env, API_PATH: 'http://127.0.0.1:1' };
    const { code, stderr } = await run('python3', ['-c', script.replace('give_up_after=600', 'give_up_after=1')], {
      env,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gave up; run again with the key order-4722\. no answer: .*refused/);
  });
});

describe('in Terraform', () => {
  itWith('terraform')('is formatted', async () => {
    for (const input of [snippet('terraform'), snippet('terraform-pingone')]) {
      expect(await run('terraform', ['fmt', '-check', '-diff', '-'], { input })).toMatchObject({ code: 0, stdout: '' });
    }
  });

  itWith('terraform')('creates one resource, however often it is planned', async () => {
    const { API_PATH, ACCESS_TOKEN, ENVIRONMENT_ID } = fixture.env;
    const variables = { api_path: API_PATH, access_token: ACCESS_TOKEN, environment_id: ENVIRONMENT_ID };
    const {
      url,
      method,
      request_headers: headers,
      request_body: body,
    } = await argumentsOf(snippet('terraform'), variables);
    const plan = async () => {
      const response = await fetch(url, { method, headers, body });
      return [response.status, Object(await response.json()).id];
    };
    const first = await plan();
    expect(first).toEqual([201, expect.any(String)]);
    expect(await plan()).toEqual(first);
    expect(fixture.made('From Terraform')).toEqual([first[1]]);
  });
});

describe('in ServiceNow', () => {
  /** The task after the script ran. */
  const execute = (task: Readonly<Record<string, string>>, apiPath = fixture.env.API_PATH) => {
    const { ACCESS_TOKEN, ENVIRONMENT_ID } = fixture.env;
    const properties = {
      'pingone.api_path': apiPath,
      'pingone.token': ACCESS_TOKEN,
      'pingone.environment': ENVIRONMENT_ID,
    };
    return runTask(snippet('servicenow'), properties, task);
  };

  it('waits if PingOne limits the rate, and then stores the id on the task', async () => {
    const task = { sys_id: 'c0c5f1f2', u_name: 'From ServiceNow' };
    const limit = { kind: 'limit', retryAfter: 100 } as const;
    const waiting = await fixture.whilePingOneFails({ create: () => limit }, () => execute(task));
    expect(waiting).toEqual({ ...task, state: 'waiting' });
    const [id] = fixture.made('From ServiceNow');
    expect(id).toBeUndefined();
    const done = await execute(waiting);
    expect(fixture.made('From ServiceNow')).toEqual([done.u_resource]);
  });

  it('waits if there is no answer', async () => {
    const task = { sys_id: 'c0c5f1f4', u_name: 'Unreachable' };
    expect(await execute(task, 'http://127.0.0.1:1')).toEqual({ ...task, state: 'waiting' });
  });

  it('writes each violation into the work notes', async () => {
    const task = { sys_id: 'c0c5f1f3', u_name: ' <' };
    expect(await execute(task)).toEqual({
      ...task,
      work_notes: 'name must not start with white space or contain "<" or "${" in its first line',
    });
    const refusal = json(400, { message: 'Two.', details: [{ message: 'First.' }, { message: 'Second.' }] });
    await using opened = new AsyncDisposableStack();
    const front = await listen(0);
    opened.defer(front.close);
    front.answer(async () => refusal);
    expect(await execute(task, front.url)).toEqual({ ...task, work_notes: 'First.\nSecond.' });
    front.answer(async () => json(403, { message: 'Forbidden' }));
    expect(await execute(task, front.url)).toEqual({ ...task, work_notes: 'Forbidden' });
  });
});

describe('by signed webhook', () => {
  /** A newcomer's walk: create, repeat, and change one character of the signed body. */
  itWith(
    'bash',
    'curl',
    'openssl',
  )('creates one resource by curl, repeats it, and is refused if a byte changes', async () => {
    const script = fixture.snippet('webhook');
    const first = await bash(script);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^HTTP\/1\.1 202 /);
    const location = /^location: (.+?)\r?$/im.exec(first.stdout)?.[1] ?? '';
    await expect.poll(() => fixture.made('By webhook'), { timeout: 10_000 }).toHaveLength(1);

    const [id = ''] = fixture.made('By webhook');
    const repeated = await bash(script);
    expect(repeated.stdout).toMatch(/^HTTP\/1\.1 202 /);
    expect(repeated.stdout).toContain(location);
    await expect.poll(async () => (await bash(script)).stdout, { timeout: 10_000 }).toContain(id);
    expect(fixture.made('By webhook')).toEqual([id]);

    const altered = await bash(script.replace('--data "$body"', '--data "$(echo "$body" | tr B b)"'));
    expect(altered.stdout).toMatch(/^HTTP\/1\.1 401 /);
    expect(fixture.made('by webhook')).toEqual([]);
    const headers = { authorization: `Bearer ${fixture.env.ACCESS_TOKEN}` };
    const status = await (await fetch(new URL(location, fixture.gateway.url), { headers })).json();
    expect(status).toMatchObject({ state: 'created', resource: { id } });
  });

  it('creates from Node.js', async () => {
    const { url: WEBHOOK_URL, secret: WEBHOOK_SECRET } = fixture.gateway.webhook;
    const env = { ...fixture.env, WEBHOOK_URL, WEBHOOK_SECRET };
    const args = ['--input-type=module', '-e', snippet('webhook-node')];
    expect(await run('node', args, { env })).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^202 \/v1\/requests\//),
    });
    await expect.poll(() => fixture.made('By webhook from Node.js'), { timeout: 10_000 }).toHaveLength(1);
  });

  it('creates from ServiceNow, waits if there is no answer, and notes a refusal', async () => {
    const task = { sys_id: 'c0c5f1f9', u_name: 'By webhook from ServiceNow' };
    const { url, secret } = fixture.gateway.webhook;
    const execute = (webhookUrl: string, key: string) =>
      runTask(
        snippet('webhook-servicenow'),
        {
          'pingone.webhook_url': webhookUrl,
          'pingone.webhook_key': key.replace('whsec_', ''),
          'pingone.environment': fixture.env.ENVIRONMENT_ID,
        },
        task,
      );
    expect(await execute(url, secret)).toEqual({ ...task, state: 'requested' });
    await expect.poll(() => fixture.made(task.u_name), { timeout: 10_000 }).toHaveLength(1);
    expect(await execute('http://127.0.0.1:1', secret)).toEqual({ ...task, state: 'waiting' });
    expect(await execute(url, 'x')).toEqual({ ...task, work_notes: 'The gateway answered 401' });
  });
});

describe('on the event bus', () => {
  itWith('bash', 'aws')('receives the outcome of its event', async () => {
    const { code, stdout, stderr } = await bash(fixture.snippet('put-events'));
    expect(code, stderr).toBe(0);
    const [{ EventId: sourceEventID }] = JSON.parse(stdout).Entries;
    await expect
      .poll(() => fixture.outcomes, { timeout: 10_000 })
      .toContainEqual(
        expect.objectContaining({
          'detail-type': 'ConnectorInstanceCreated',
          detail: expect.objectContaining({ sourceEventID, idempotencyKey: 'order-4712' }),
        }),
      );
  });

  // `.ci/run` lints the templates of every stage. cfn-lint takes seconds, and longer where others work.
  itWith('cfn-lint')(
    'has a rule that passes cfn-lint',
    async () => {
      const resource = snippet('rule').replace(/^(?=.)/gm, '  ');
      const input = `Parameters: { OutcomeQueueArn: { Type: String } }\nResources:\n${resource}`;
      expect(await run('cfn-lint', [], { input })).toEqual({ code: 0, stdout: '', stderr: '' });
    },
    120_000,
  );

  it('receives outcomes by its rule, and no request', async () => {
    const { events } = fixture.gateway.aws;
    const told: string[] = [];
    const bus = 'pingone-provisioner';
    events.addRule({ bus, pattern: patternOf(snippet('rule')), target: (event) => told.push(event['detail-type']) });
    const [, entries = ''] = /--entries '(.+)'/s.exec(snippet('put-events')) ?? [];
    const [entry] = JSON.parse(entries);
    const put = (Detail: string) =>
      fetch(fixture.gateway.awsEndpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
        body: JSON.stringify({ Entries: [{ ...entry, Detail }] }),
      });
    await put(entry.Detail);
    await expect.poll(() => told, { timeout: 10_000 }).toEqual(['ConnectorInstanceCreated']);
    await put(entry.Detail.replace('httpConnector', ' <'));
    await expect.poll(() => told).toHaveLength(2);
    expect(told[1]).toBe('ConnectorInstanceRejected');
  });

  it('knows every kind of outcome', () => {
    const kinds = ['Created', 'Rejected', 'Unresolved'] as const;
    expect(kinds).toEqual(Object.keys(outcomes));
    expect(patternOf(snippet('rule'))['detail-type']).toEqual(
      kinds.map((kind) => outcomeType(createConnectorInstance, kind)),
    );
  });
});

itWith('bash', 'curl')('exports what the snippets read', async () => {
  const { stdout } = await bash(`${fixture.snippet('environment')}\necho "$API_PATH $ENVIRONMENT_ID $ACCESS_TOKEN"`);
  const { API_PATH, ENVIRONMENT_ID } = fixture.env;
  expect(stdout).toMatch(new RegExp(`^${API_PATH} ${ENVIRONMENT_ID} [\\w-]+\\.[\\w-]+\\.[\\w-]+\n$`));
});

it('the guide shows a problem as the gateway answers it', async () => {
  const shown = JSON.parse(
    fixture.here(blockWhere(({ language, text }) => language === 'json' && text.includes('"instance"'))),
  );
  const { name } = createApiServerOperation.example.body;
  const body = { name, paths: [{ type: 'EXACTLY', pattern: '/accountsPayable' }] };
  const { status, json: answered } = await call(fixture.gateway, createApiServerOperation, { body });
  expect(status).toBe(shown.status);
  expect(shown).toEqual({ ...answered, id: shown.id, instance: `urn:uuid:${shown.id}` });
  expect(answered.instance).toBe(`urn:uuid:${answered.id}`);
});
