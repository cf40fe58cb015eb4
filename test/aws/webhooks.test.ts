import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../infra/aws/constructs/pascal-case.ts';
import { stage } from '../../infra/aws/settings/stage.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { settingsOf, stageOf } from './examples.ts';
import { allows, policiesOf, statementsOf } from './iam.ts';
import { flat, synthesise } from './synthesise.ts';

const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/webhooks';
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:webhooks/own-AbCdEf';
const sources = {
  'service-now': { scheme: 'standard', secret: 'webhooks/service-now' },
  own: { scheme: 'standard', secret: arn, secretKeyArn: keyArn },
} as const;
const of = synthesise('dev', { ...settingsOf('dev'), customerKey: true, webhooks: sources });

/** The example's grants without principals of webhooks, in a new file. */
const grantsFile = join(mkdtempSync(join(tmpdir(), 'grants-')), 'grants.json');
const { grants } = stageOf('dev');
const callers = grants.callers.map(({ principals, ...caller }) => ({
  ...caller,
  principals: principals.filter(({ webhook }) => webhook === undefined),
}));
writeFileSync(grantsFile, JSON.stringify({ ...grants, callers }));
const without = synthesise('dev', { ...settingsOf('dev'), grants: grantsFile, webhooks: {} });

const { service } = of;
const role = service.named('AWS::IAM::Role', /^WebhooksAcceptRole/).id;
const policies = policiesOf(role, of);
const table = `arn:aws:dynamodb:eu-west-1:<AWS::AccountId>:table/<${of.state.named('AWS::DynamoDB::GlobalTable', /Ledger/).id}>`;

describe('the function for webhooks', () => {
  it('has settings and queues in its environment, and no secret value', () => {
    const { Variables } = service.named('AWS::Lambda::Function', /^WebhooksAccept/).properties.Environment;
    expect(JSON.parse(flat(Variables.WEBHOOKS, of))).toEqual(sources);
    expect(Object.keys(JSON.parse(flat(Variables.QUEUE_URLS, of)))).toEqual(endpoints.map(({ name }) => name));
    expect(Variables).not.toHaveProperty('PINGONE_SECRET_ID');
  });

  it("reads its sources' secrets by its own role, and no other secret", () => {
    const reads = (resource: string) => allows(policies, { action: 'secretsmanager:GetSecretValue', resource });
    const named = (name: string) => `arn:aws:secretsmanager:eu-west-1:<AWS::AccountId>:secret:${name}`;
    expect([reads(named('webhooks/service-now-AbCdEf')), reads(arn)]).toEqual([true, true]);
    expect([reads(named('webhooks/other-AbCdEf')), reads(named('pingone/worker-AbCdEf'))]).toEqual([false, false]);
    const actions = [...new Set(policies.flatMap((statement) => statement.actions))].sort();
    expect(actions).toEqual(
      [
        'dynamodb:GetItem',
        'dynamodb:UpdateItem',
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
        'sqs:SendMessage',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ].sort(),
    );
    const decrypts = (service: string) =>
      allows(policies, { action: 'kms:Decrypt', resource: keyArn, context: { 'kms:ViaService': [service] } });
    expect(decrypts('secretsmanager.eu-west-1.amazonaws.com')).toBe(true);
    expect(decrypts('dynamodb.eu-west-1.amazonaws.com')).toBe(false);
  });

  it('writes request items, and no name items', () => {
    const writes = (key: string) =>
      allows(policies, {
        action: 'dynamodb:UpdateItem',
        resource: table,
        context: { 'dynamodb:LeadingKeys': [key] },
      });
    for (const { name } of endpoints)
      expect([writes(`${name}#request#1`), writes(`${name}#name#1`)]).toEqual([true, false]);
  });

  it.each(endpoints)('may send to the queue of $name, which denies all other identities', ({ name }) => {
    const id = pascalCase(name);
    const sendersIn = (synthesised: typeof of) => {
      const policy = synthesised.service.named('AWS::SQS::QueuePolicy', new RegExp(`^${id}RequestsQueuePolicy`));
      const [denied] = statementsOf(policy.properties.PolicyDocument, synthesised).filter(
        ({ effect, actions }) => effect === 'Deny' && actions.includes('sqs:SendMessage'),
      );
      return JSON.stringify(denied);
    };
    expect(sendersIn(of)).toContain(`<${role}.Arn>`);
    expect(sendersIn(without)).not.toContain('Webhooks');
  });
});

describe('the routes of webhooks', () => {
  const routes = service
    .ofType('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties.RouteKey.includes('/v1/webhooks/'));
  const stageResource = service.named('AWS::ApiGatewayV2::Stage', /./);

  it('are one for each source and one for other names, without authorizer, to the one function', () => {
    expect(routes.map(({ properties }) => properties.RouteKey).sort()).toEqual([
      'POST /v1/webhooks/own',
      'POST /v1/webhooks/service-now',
      'POST /v1/webhooks/{proxy+}',
    ]);
    expect(new Set(routes.map(({ properties }) => properties.AuthorizationType))).toEqual(new Set(['NONE']));
    expect(new Set(routes.map(({ properties }) => flat(properties.Target, of))).size).toBe(1);
  });

  it('have a throttle each, so that a flood of one source or of unknown names blocks no other source', () => {
    const { rate, burst } = settingsOf('dev').throttling;
    const own = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, DetailedMetricsEnabled: true };
    expect(stageResource.properties.RouteSettings).toEqual({
      'POST /v1/webhooks/own': own,
      'POST /v1/webhooks/service-now': own,
      'POST /v1/webhooks/{proxy+}': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 5, DetailedMetricsEnabled: true },
    });
  });

  it('exist before the stage that has their settings', () => {
    expect(stageResource.dependsOn).toEqual(expect.arrayContaining(routes.map(({ id }) => id)));
  });

  it('and the function are not deployed without a source', () => {
    expect(JSON.stringify(without.service.resources.filter(({ type }) => !type.includes('Metric')))).not.toMatch(
      /webhook/i,
    );
    expect(without.service.outputs).not.toHaveProperty('WebhooksUrl');
    expect(service.outputs).toHaveProperty('WebhooksUrl');
  });
});

describe('the setting', () => {
  const issuesOf = (webhooks: unknown) =>
    (stage.safeParse({ ...settingsOf('dev'), webhooks }).error?.issues ?? []).map(({ message }) => message);

  it('has room for many sources, within the environment of a function', () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, nth) => [`source-${nth}`, { scheme: 'standard', secret: `s-${nth}` }]),
      );
    expect(issuesOf({ ...many(35), ...sources })).toEqual([]);
    expect(issuesOf({ ...many(50), ...sources })).toEqual([
      expect.stringContaining('must have at most 2000 characters of JSON'),
    ]);
  });

  it('must have the sources of the grants', () => {
    expect(issuesOf({})).toEqual([expect.stringContaining('this stage has no source of webhooks named service-now')]);
  });
});
