import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../infra/aws/constructs/pascal-case.ts';
import { stage } from '../../infra/aws/settings/stage.ts';
import { endpointOutputs, ledgerOutput, outputName } from '../../infra/aws/stacks/output-name.ts';
import { otherMethods } from '../../infra/documents/routes.ts';
import { eventSources } from '../../lib/contract.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import type { Grants } from '../../lib/grants/document.ts';
import { unpackGrants } from '../../lib/grants/packed.ts';
import { openLedger } from '../../lib/ledger/open-ledger.ts';
import type { Change } from '../../lib/ledger/table.ts';
import { examples, settingsOf, stageOf } from './examples.ts';
import { flat, type Resource, synthesise } from './synthesise.ts';

const synthesised = { dev: synthesise('dev'), prod: synthesise('prod') };
const day = 86_400;

/** The function that counts open requests, which no caller invokes. */
const isCounting = (id: string) => id.startsWith('OpenRequests');

/** Whether a function decides on requests, by grants of its own. */
const isDeciding = (id: string) => !isCounting(id) && !id.startsWith('NotOffered');

describe.each(Object.entries(synthesised))('the stage %s', (name, of) => {
  const { service, state } = of;
  const functions = service.ofType('AWS::Lambda::Function');

  it('runs every function on Node 24 and arm64, traced, with JSON logs in a log group with retention', () => {
    const { logRetentionDays } = stageOf(name);
    for (const { properties } of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON' },
        TracingConfig: { Mode: 'Active' },
        MemorySize: expect.any(Number),
      });
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
      const logs = service.named('AWS::Logs::LogGroup', new RegExp(`^${properties.LoggingConfig.LogGroup.Ref}$`));
      expect(logs.properties.RetentionInDays).toBe(logRetentionDays);
    }
  });

  it('deploys each bundle with its source map and the grants, and nothing else', () => {
    const assets = new Set(functions.map(({ properties }) => properties.Code.S3Key.replace('.zip', '')));
    expect(assets.size).toBe(10);
    for (const asset of assets) {
      const decides = functions.some(({ id, properties }) => isDeciding(id) && properties.Code.S3Key.startsWith(asset));
      expect(readdirSync(join(of.directory, `asset.${asset}`)).sort()).toEqual([
        ...(decides ? ['grants.json'] : []),
        'index.cjs',
        'index.cjs.map',
      ]);
    }
  });

  it('gives every function and caller its own role', () => {
    const roles = functions.map(({ properties }) => flat(properties.Role, of));
    expect(new Set(roles).size).toBe(roles.length);
    for (const { properties } of service.ofType('AWS::IAM::Role'))
      expect(properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it.each(endpoints)('has all resources of $name', (endpoint) => {
    const id = pascalCase(endpoint.name);
    const route = service.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey);
    expect(route).toContain(`POST /v1${endpoint.path}`);
    expect(route).toEqual(expect.arrayContaining(otherMethods.map((method) => `${method} /v1/{proxy+}`)));
    expect(route.filter((key) => /^(OPTIONS|ANY) /.test(key))).toEqual([]);
    expect(service.named('AWS::Events::Rule', new RegExp(`^${id}Rule`)).properties).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: stageOf(name).senders.flatMap(({ sources }) => sources),
        'detail-type': [endpoint.event],
      },
    });
    for (const door of ['Http', 'Queue']) {
      const { properties } = service.named('AWS::Lambda::Function', new RegExp(`^${id}${door}Function`));
      expect(properties.Environment.Variables.ENDPOINT).toBe(endpoint.name);
      expect(properties.Timeout).toBe(door === 'Http' ? 28 : 60);
    }
    expect(service.named('AWS::Lambda::EventSourceMapping', new RegExp(`^${id}Mapping`)).properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: expect.toSatisfy((most) => most >= 2) },
    });
    const naming = service
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties.AlarmDescription.includes(endpoint.name));
    expect(naming.length).toBeGreaterThan(5);
    const dashboard = flat(service.named('AWS::CloudWatch::Dashboard', /./).properties.DashboardBody, of);
    expect(dashboard).toContain(endpoint.summary);
    expect(dashboard).toContain(`/v1${endpoint.path}`);
  });

  it('gives each queue a visibility timeout of six function timeouts', () => {
    for (const { id, properties } of service.ofType('AWS::SQS::Queue')) {
      if (properties.RedrivePolicy)
        expect(properties).toMatchObject({
          VisibilityTimeout: 360,
          RedrivePolicy: { maxReceiveCount: id.includes('Pending') ? 1_000 : 100 },
        });
    }
  });

  it('keeps a request in the ledger longer than any of its messages lives', async () => {
    const retention = (door: string) =>
      service
        .ofType('AWS::SQS::Queue')
        .filter(({ id }) => id.includes(door))
        .map(({ properties }) => properties.MessageRetentionPeriod);
    expect(new Set(retention('DeadLetters'))).toEqual(new Set([14 * day]));
    expect(new Set(retention('RequestsQueue'))).toEqual(new Set([4 * day]));
    // Queue, dead-letter queue, and the queue again after a redrive.
    const longest = (4 + 14 + 4) * day;
    expect(await keptSeconds()).toBeGreaterThan(longest);
    expect(await keptSeconds()).toBe(35 * day);
  });

  it('encrypts every queue, and denies access without TLS', () => {
    const { customerKey } = stageOf(name);
    for (const { id, properties } of service.ofType('AWS::SQS::Queue')) {
      if (customerKey) expect(properties).toHaveProperty('KmsMasterKeyId');
      else expect(properties).toMatchObject({ SqsManagedSseEnabled: true });
      const policies = service
        .ofType('AWS::SQS::QueuePolicy')
        .filter(({ properties }) => properties.Queues[0].Ref === id);
      expect(policies.flatMap(({ properties }) => properties.PolicyDocument.Statement)).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });

  it('archives outcomes and no requests', () => {
    expect(service.named('AWS::Events::Archive', /./).properties.EventPattern).toEqual({
      source: [eventSources.outcome],
    });
  });

  it('throttles, logs caller and route, and has no CORS', () => {
    const { throttling } = stageOf(name);
    const { properties } = service.named('AWS::ApiGatewayV2::Stage', /./);
    expect(properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: throttling.rate, ThrottlingBurstLimit: throttling.burst },
    });
    expect(properties.AccessLogSettings.Format).toContain('$context.routeKey');
    expect(properties.AccessLogSettings.Format).not.toMatch(/body|header|querystring/i);
    expect(service.named('AWS::ApiGatewayV2::Api', /./).properties).not.toHaveProperty('CorsConfiguration');
    for (const { properties } of service.ofType('AWS::ApiGatewayV2::Integration')) {
      expect(properties.PayloadFormatVersion).toBe('2.0');
    }
  });

  it('authenticates every caller, and leaves webhooks to the signature that their function verifies', () => {
    const { auth: kinds, webhooks } = stageOf(name);
    const [auth] = kinds;
    const paths = [...Object.keys(webhooks), '{proxy+}'].map((source) => `POST /v1/webhooks/${source}`);
    for (const { properties } of service.ofType('AWS::ApiGatewayV2::Route')) {
      if (paths.includes(properties.RouteKey)) expect(properties.AuthorizationType).toBe('NONE');
      else if (auth?.type !== 'jwt') expect(properties.AuthorizationType).toBe('AWS_IAM');
      else expect(properties).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: auth.scopes });
    }
  });

  it('measures the logs of all functions in one log group', () => {
    const groups = new Set(functions.map(({ properties }) => properties.LoggingConfig.LogGroup.Ref));
    expect(groups.size).toBe(1);
    const filters = service
      .ofType('AWS::Logs::MetricFilter')
      .filter(({ properties }) => groups.has(properties.LogGroupName.Ref))
      .map(({ properties }) => ({ pattern: properties.FilterPattern, ...properties.MetricTransformations[0] }));
    expect(new Set(filters.map(({ MetricNamespace }) => MetricNamespace))).toEqual(
      new Set([`PingOneProvisioner/${name}`]),
    );
    const named = (metric: string) => filters.filter(({ MetricName }) => MetricName === metric);
    expect(named('outcomes')).toMatchObject([
      { Dimensions: [{ Key: 'endpoint', Value: '$.message.attempt.endpoint' }, { Key: 'outcome' }], MetricValue: '1' },
    ]);
    expect(named('pingone-ms')).toMatchObject([
      { pattern: '{ $.message.attempt.sends > 0 }', MetricValue: '$.message.attempt.pingOneMs' },
    ]);
    expect(named('attempts')).toMatchObject([{ MetricValue: '1' }]);
  });

  it('graphs events by bus and rule, as EventBridge counts them on a bus other than the default', () => {
    const { widgets } = JSON.parse(flat(service.named('AWS::CloudWatch::Dashboard', /./).properties.DashboardBody, of));
    const shown = widgets.flatMap(({ properties }: Resource) => [properties.metrics ?? []].flat());
    const ofEvents = shown.filter(([namespace]: string[]) => namespace === 'AWS/Events');
    const rules = service.ofType('AWS::Events::Rule').filter(({ properties }) => properties.EventPattern);
    const bus = `<${service.named('AWS::Events::EventBus', /./).id}>`;
    expect(ofEvents.map((metric: unknown[]) => metric.slice(1, 6))).toEqual(
      rules.map(({ id }) => ['MatchedEvents', 'EventBusName', bus, 'RuleName', `<${id}>`]),
    );
  });

  it('links every alarm to the runbook, and notifies the topic', () => {
    const alarms = service.ofType('AWS::CloudWatch::Alarm');
    const topic = service.named('AWS::SNS::Topic', /./).id;
    for (const { properties } of alarms) {
      expect(properties.AlarmDescription).toMatch(/ Runbook: https:\/\/\S+#[a-z-]+$/);
      expect(properties.AlarmActions).toEqual([{ Ref: topic }]);
    }
  });

  it('has no custom resource, and names no queue, function, table or role unless another party must know it', () => {
    for (const { type, properties } of [...service.resources, ...state.resources]) {
      expect(type).not.toMatch(/^Custom::|CustomResource$/);
      for (const named of ['QueueName', 'FunctionName', 'RoleName', 'TableName', 'LogGroupName', 'AlarmName']) {
        const physicalName = properties[named];
        const isGranted = named === 'RoleName' && rolesIn(stageOf(name).grants).includes(physicalName);
        // The dead-letter queue names its source.
        const isSource = named === 'QueueName' && properties.RedrivePolicy !== undefined;
        const isReference = physicalName?.Ref !== undefined || physicalName?.['Fn::GetAtt'] !== undefined;
        // The access log's begins as CloudWatch wants it, and ends in the stack's id.
        const isOfStack = JSON.stringify(physicalName ?? '').includes('AWS::StackId');
        if (physicalName !== undefined && !isReference && !isGranted && !isSource && !isOfStack)
          throw new Error(`${type} is named ${physicalName}`);
      }
    }
  });

  it('counts open requests every hour, and alarms when two counts in a row are missing', () => {
    const [hourly, ...others] = service.ofType('AWS::Events::Rule').filter(({ id }) => isCounting(id));
    expect(others).toEqual([]);
    expect(hourly?.properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
    const { Metrics } = service.named('AWS::CloudWatch::Alarm', /CountingStopped/).properties;
    const periods = Metrics.flatMap(({ MetricStat }: { MetricStat?: { Period: number } }) => MetricStat?.Period ?? []);
    expect(periods).toEqual([2.5 * 3600]);
  });

  it("has an output for every resource that the runbook and the operators' tools name", () => {
    const outputs = Object.keys(service.outputs);
    for (const { name: endpoint } of endpoints) {
      expect(outputs).toEqual(expect.arrayContaining(endpointOutputs.map((output) => outputName(endpoint, output))));
    }
    expect(Object.keys(state.outputs)).toContain(ledgerOutput);
    const ofStage = ['BusName', 'BusArn', 'RedriveRoleArn', 'SettleRoleArn', 'StopRoleArn'];
    expect(outputs).toEqual(expect.arrayContaining(ofStage));
  });

  it("has PingOne's base address with and without /v1 in its outputs", () => {
    const { ApiPath, ApiHost } = service.outputs;
    expect(`${flat(ApiHost?.Value, of)}/v1`).toBe(flat(ApiPath?.Value, of));
  });

  it('names each queue by stage, region and endpoint', () => {
    const { region = '<AWS::Region>' } = stageOf(name);
    for (const endpoint of endpoints) {
      const { properties } = service.named('AWS::SQS::Queue', new RegExp(`^${pascalCase(endpoint.name)}RequestsQueue`));
      expect(flat(properties.QueueName, of)).toBe(`pingone-provisioner-${name}-${region}-${endpoint.name}`);
    }
  });

  it('names a principal in every trust and resource policy', () => {
    for (const { properties } of service.ofType('AWS::IAM::Role')) {
      expect(JSON.stringify(properties.AssumeRolePolicyDocument)).not.toContain('"*"');
    }
  });
});

const rolesIn = ({ callers }: Grants) =>
  callers.flatMap(({ principals }) => principals.flatMap(({ iam }) => iam?.role ?? []));

const busArn = 'arn:aws:events:eu-west-1:123456789012:event-bus/company';

/** The stage `dev` with other settings, none of which has to do with another. */
const varied = () =>
  synthesise('dev', {
    ...settingsOf('dev'),
    ledger: { import: { name: 'the-ledger' } },
    timings: { attempt: 4_000, graceLost: 90_000, keylessReplay: 0 },
    cors: { origins: ['https://portal.example.com'] },
    bus: { arn: busArn },
  });

describe('the state that must not be lost', () => {
  const ledger = ({ state }: (typeof synthesised)['dev']): Resource =>
    state.named('AWS::DynamoDB::GlobalTable', /Ledger/);

  it('is recoverable everywhere, and expires requests by their TTL', () => {
    for (const of of Object.values(synthesised)) {
      expect(ledger(of).properties).toMatchObject({
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
      });
    }
  });

  it('survives its stack if the stage retains it', () => {
    expect(ledger(synthesised.prod)).toMatchObject({
      deletionPolicy: 'Retain',
      properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
    });
    expect(ledger(synthesised.dev).deletionPolicy).toBe('Delete');
    expect(synthesised.prod.state.named('AWS::KMS::Key', /./).deletionPolicy).toBe('Retain');
  });

  it('is never written by a deployment: a created secret is empty', () => {
    const { properties } = synthesised.dev.state.named('AWS::SecretsManager::Secret', /./);
    expect(properties).not.toHaveProperty('GenerateSecretString');
    expect(properties).not.toHaveProperty('SecretString');
  });

  it('is imported if it exists', () => {
    const own = varied();
    expect(own.state.ofType('AWS::DynamoDB::GlobalTable')).toEqual([]);
    for (const { id, properties } of own.service.ofType('AWS::Lambda::Function')) {
      if (/^NotOffered|^EnvironmentLookup|ReadFunction/.test(id)) continue;
      expect(properties.Environment.Variables.LEDGER_TABLE).toBe('the-ledger');
    }
    expect(synthesised.prod.state.ofType('AWS::SecretsManager::Secret')).toEqual([]);
  });

  it('accepts other grace periods and time-outs', () => {
    const variables = ({ service }: (typeof synthesised)['dev']) =>
      service.named('AWS::Lambda::Function', /^CreateConnectorInstanceQueueFunction/).properties.Environment.Variables;
    expect(variables(varied())).toMatchObject({
      PINGONE_TIMEOUT_MS: '4000',
      GRACE_LOST_MS: '90000',
      KEYLESS_REPLAY_MS: '0',
    });
    expect(variables(synthesised.dev)).not.toHaveProperty('GRACE_LOST_MS');
  });

  it('can have one secret for each endpoint', () => {
    const { service } = synthesised.prod;
    const secretOf = (id: string) =>
      service.named('AWS::Lambda::Function', new RegExp(`^${id}HttpFunction`)).properties.Environment.Variables
        .PINGONE_SECRET_ID;
    expect(secretOf('CreateConnectorInstance')).toBe('pingone/davinci-admin');
    expect(secretOf('CreateApiServerOperation')).toBe('pingone/authorize');
  });
});

describe('the deployed grants', () => {
  const { dev } = synthesised;
  const of = (change: (callers: Grants['callers']) => Grants['callers']) => {
    const { grants } = stageOf('dev');
    return synthesise('dev', { ...settingsOf('dev'), grants: written({ ...grants, callers: change(grants.callers) }) });
  };
  const decidingFunctions = ({ service }: typeof dev) =>
    service.ofType('AWS::Lambda::Function').filter(({ id }) => isDeciding(id));
  const codeOf = (of: typeof dev) => decidingFunctions(of).map(({ properties }) => properties.Code.S3Key);
  const invokesOf = ({ service }: typeof dev, caller: RegExp) => {
    const role = service.named('AWS::IAM::Role', caller).id;
    const own = service.ofType('AWS::IAM::Policy').filter(({ properties }) => properties.Roles[0].Ref === role);
    return own.flatMap(({ properties }) => [properties.PolicyDocument.Statement[0].Resource].flat()).length;
  };

  it('are next to each function, as in the grants file', () => {
    for (const code of new Set(codeOf(dev))) {
      const file = join(dev.directory, `asset.${code.replace('.zip', '')}`, 'grants.json');
      expect(unpackGrants(readFileSync(file, 'utf8'))).toEqual(stageOf('dev').grants);
    }
    for (const { properties } of decidingFunctions(dev)) {
      expect(properties.Environment.Variables.GRANTS_FILE).toBe('grants.json');
    }
  });

  it('are revoked by a change of the file and a deployment, which changes every function and the role', () => {
    const revoked = of((callers) => callers.map((caller) => ({ ...caller, grants: [] })));
    expect(codeOf(revoked).filter((code) => codeOf(dev).includes(code))).toEqual([]);
    expect([invokesOf(dev, /^PlatformCaller/), invokesOf(revoked, /^PlatformCaller/)]).toEqual([4, 1]);
    expect(
      invokesOf(
        of((callers) => callers.slice(1)),
        /^PlatformCaller/,
      ),
    ).toBe(1);
  });

  it('must name the role that is created for a caller, and its environments', () => {
    expect(() => of((callers) => callers.map((caller) => ({ ...caller, principals: [] })))).toThrow();
    const [event] = stageOf('dev').grants.callers[0]?.principals.slice(1) ?? [];
    expect(() => of(([first, ...others]) => [{ ...Object(first), principals: [event] }, ...others])).toThrow(
      'pingone-provisioner-dev-eu-west-1-platform',
    );
    const everywhere = (caller: Grants['callers'][number]) =>
      caller.grants.map((grant) => ({ ...grant, environments: ['*'] }));
    expect(() => of((callers) => callers.map((caller) => ({ ...caller, grants: everywhere(caller) })))).toThrow(
      'name each',
    );
  });
});

/** A grants document in a new file. */
const written = (grants: unknown): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
  writeFileSync(file, JSON.stringify(grants));
  return file;
};

it('CORS lets a browser send and read the headers of the API', () => {
  expect(varied().service.named('AWS::ApiGatewayV2::Api', /./).properties.CorsConfiguration).toMatchObject({
    AllowOrigins: ['https://portal.example.com'],
    AllowHeaders: expect.arrayContaining(['authorization', 'idempotency-key', 'prefer', 'traceparent']),
    ExposeHeaders: expect.arrayContaining(['location', 'retry-after', 'provisioner-request', 'correlation-id']),
  });
});

describe('an existing bus', () => {
  it('gets rules and an archive, and keeps its own policy', () => {
    const { service } = varied();
    expect(service.ofType('AWS::Events::EventBus')).toEqual([]);
    expect(service.ofType('AWS::Events::EventBusPolicy')).toEqual([]);
    const rules = service.ofType('AWS::Events::Rule').filter(({ properties }) => properties.EventPattern);
    expect(rules.map(({ properties }) => properties.EventBusName)).toEqual(endpoints.map(() => 'company'));
    expect(service.named('AWS::Events::Archive', /./).properties.SourceArn).toBe(busArn);
  });
});

describe('the templates', () => {
  it('pass cdk-nag, each exception with its own reason', () => {
    // Synthesis throws if a rule of AwsSolutions is violated.
    const { directory } = synthesise('dev', settingsOf('dev'), { nag: true });
    expect(readdirSync(directory)).toContain('Service.template.json');
  });
});

describe('the stages', () => {
  it.each(Object.keys(examples))('%s is valid', (name) => {
    expect(stageOf(name)).toMatchObject({ auth: expect.anything() });
  });

  it('have names that leave room for the names of their queues, in any region', () => {
    const anywhere = { ...settingsOf('prod'), region: undefined, customerKey: false };
    expect(() => synthesise('a-stage-of-seventeen', anywhere)).toThrow('no name of more than 80 characters');
  });

  it.each([
    ['no auth', { auth: undefined }],
    ['an endpoint that is none', { endpointSecrets: { 'create-nothing': 'create' } }],
    ['a source that is ours', { senders: [{ account: '123456789012', sources: ['pingone.provisioner.accepted'] }] }],
    [
      'a source of two accounts',
      { senders: ['123456789012', '210987654321'].map((account) => ({ account, sources: ['a'] })) },
    ],
    ['an unknown setting', { autherization: 'jwt' }],
    ['a caller with environments of its own', { auth: iamCaller({ environments: ['abfba8f6'] }) }],
    ['grants that are no file', { grants: 'infra/aws/grants/none.json' }],
    ['grants that are no document', { grants: 'package.json' }],
    [
      'a pattern for an OIDC subject',
      { auth: iamCaller({ trust: { oidc: { issuer: 'a.example', audience: 'b', subject: 'repo:*' } } }) },
    ],
    ['a customer key and no region', { customerKey: true, region: undefined }],
    ['operators without a principal', { operators: { ...settingsOf('dev').operators, stop: [] } }],
    [
      'a whole account as operator',
      { operators: { ...settingsOf('dev').operators, stop: ['arn:aws:iam::123456789012:root'] } },
    ],
    [
      'a pattern of operators',
      { operators: { ...settingsOf('dev').operators, stop: ['arn:aws:iam::123456789012:role/*'] } },
    ],
    ['MFA of roles, whose sessions have none', { operators: { ...settingsOf('dev').operators, mfa: true } }],
    ['production without operators', { production: true, operators: undefined }],
  ])('reject %s', (_, change) => {
    expect(stage.safeParse({ ...settingsOf('dev'), ...change }).success).toBe(false);
  });
});

function iamCaller(change: object) {
  const caller = {
    name: 'one',
    trust: { account: '123456789012' },
  };
  return [{ type: 'iam', callers: [{ ...caller, ...change }] }];
}

/** The retention of a closed request in the ledger, in seconds. */
const keptSeconds = async (): Promise<number> => {
  const changes: Change[] = [];
  const table = {
    read: async () => undefined,
    change: async (_: string, change: Change) => {
      changes.push(change);
      return {};
    },
  };
  await openLedger(table, 'some-endpoint', 0).created({ id: 'a request', owner: 'an attempt' }, 'a resource', 0);
  return Number(changes[0]?.set?.expires);
};

it('cdk.json has the recommended flags, except for references that CloudFormation itself protects', () => {
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  const { app, context } = read('../../cdk.json');
  const recommended = read('../../node_modules/aws-cdk-lib/recommended-feature-flags.json');
  expect(app).toBe('node infra/node-24.js infra/aws/app.ts');
  expect(context).toEqual({ ...recommended, stage: 'dev', '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
});
