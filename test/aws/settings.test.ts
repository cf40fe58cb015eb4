import { describe, expect, it } from 'vitest';
import { refuseExamples } from '../../infra/aws/settings/example-accounts.ts';
import { stage } from '../../infra/aws/settings/stage.ts';
import { StageUnusable } from '../../infra/aws/settings/stage-file.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { examples, settingsOf, stageOf } from './examples.ts';
import { flat, synthesise } from './synthesise.ts';

describe('the example account ids', () => {
  it.each(Object.keys(examples))(
    'are rejected in the stage %s, by name, for a deployment to a real account',
    (name) => {
      expect(() => refuseExamples(name, stageOf(name), '999988887777')).toThrow(StageUnusable);
      expect(() => refuseExamples(name, stageOf(name), '999988887777')).toThrow(/\d{12}.*999988887777.*replace them/s);
    },
  );

  it("are allowed without credentials, and in an emulator's account", () => {
    for (const account of [undefined, '123456789012']) refuseExamples('dev', stageOf('dev'), account);
  });

  it('are found in a trust, a sender, a grant or an ARN', () => {
    const own = (text: string) => JSON.parse(text.replace(/123456789012|111122223333|444455556666/g, '999988887777'));
    const mended = own(JSON.stringify(stageOf('prod')));
    refuseExamples('prod', mended, '999988887777');
    const domain = { name: 'a.example', certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1' };
    expect(() => refuseExamples('prod', { ...mended, domain }, '999988887777')).toThrow('111122223333');
  });
});

describe('a role of an IAM caller', () => {
  it('has the region in its name, which the stage must name', () => {
    const { service } = synthesise('dev', { ...settingsOf('dev'), region: 'eu-west-1' });
    const names = service.ofType('AWS::IAM::Role').flatMap(({ properties }) => properties.RoleName ?? []);
    expect(names.map((name) => flat(name, synthesise('dev')))).toEqual([
      'pingone-provisioner-dev-eu-west-1-platform',
      'pingone-provisioner-dev-eu-west-1-deliveries',
    ]);
    const { region, ...nowhere } = { region: 'x', ...settingsOf('dev') };
    expect(stage.safeParse(nowhere).success).toBe(false);
  });

  it('has no name that is too long for IAM', () => {
    const callers = [{ name: 'a'.repeat(32), trust: { account: '123456789012' } }];
    const long = { ...settingsOf('dev'), auth: [{ type: 'iam' as const, callers }] };
    expect(() => synthesise('dev', long)).toThrow(/pingone-provisioner-dev-eu-west-1-a+ .* has 66 characters/);
  });
});

describe("a stage's browser origins", () => {
  it.each([
    ['https://portal.example.com', true],
    ['http://localhost:8080', true],
    ['https://portal.example.com/', false],
    ['https://portal.example.com/app', false],
    ['https://portal.example.com?a', false],
    ['https://PORTAL.example.com', false],
    ['*', false],
  ])('%s: %s', (origin, isOrigin) => {
    expect(stage.safeParse({ ...settingsOf('dev'), cors: { origins: [origin] } }).success).toBe(isOrigin);
  });
});

describe('log groups', () => {
  const groupsOf = (name: string) => synthesise(name).service.ofType('AWS::Logs::LogGroup');

  it('are retained if the stage retains its state, but not by a failed deployment', () => {
    expect(groupsOf('prod').map(({ deletionPolicy }) => deletionPolicy)).toEqual(
      groupsOf('prod').map(() => 'RetainExceptOnCreate'),
    );
    expect(new Set(groupsOf('dev').map(({ deletionPolicy }) => deletionPolicy))).toEqual(new Set(['Delete']));
  });

  it('of API Gateway have a name that needs no entry in CloudWatch’s policy, and that no other stack of this name has', () => {
    const of = synthesise('prod');
    const { DestinationArn } = of.service.named('AWS::ApiGatewayV2::Stage', /./).properties.AccessLogSettings;
    const [, id = ''] = /^<(\w+)\.Arn>$/.exec(flat(DestinationArn, of)) ?? [];
    const { LogGroupName } = of.service.named('AWS::Logs::LogGroup', new RegExp(`^${id}$`)).properties;
    const [separator, parts] = LogGroupName['Fn::Join'];
    expect(`${separator}${parts[0]}`).toBe('/aws/vendedlogs/pingone-provisioner-prod-');
    expect(JSON.stringify(parts.slice(1))).toContain('AWS::StackId');
  });
});

describe('an existing bus', () => {
  it('has rules that take requests only from the senders’ accounts', () => {
    const arn = 'arn:aws:events:eu-central-1:111122223333:event-bus/company';
    const { service } = synthesise('prod', { ...settingsOf('prod'), bus: { arn } });
    const patterns = service.ofType('AWS::Events::Rule').flatMap(({ properties }) => properties.EventPattern ?? []);
    expect(patterns.map(({ account }) => account)).toEqual(patterns.map(() => ['111122223333', '444455556666']));
  });
});

describe('the required claim of a token', () => {
  const deployed = endpoints.filter(({ deployment }) => deployment);
  const settingsWith = (own: object) => ({
    ...settingsOf('prod'),
    auth: settingsOf('prod').auth.map((kind) => ({ ...kind, scopes: [], ...own })),
  });
  const synthesiseWith = (own: object) => synthesise('prod', settingsWith(own)).service;
  const scopesIn = (service: ReturnType<typeof synthesiseWith>) =>
    service.ofType('AWS::ApiGatewayV2::Route').flatMap(({ properties }) => {
      if (properties.RouteKey.includes('/v1/webhooks/')) return [];
      expect(properties.AuthorizationType).toBe('JWT');
      return [properties.AuthorizationScopes];
    });
  const rolesIn = (service: ReturnType<typeof synthesiseWith>) =>
    service.ofType('AWS::Lambda::Function').flatMap(({ properties }) => {
      const { DOCS_URL, OFFERED, WEBHOOKS, TOKEN_ROLES = 'none' } = properties.Environment?.Variables ?? {};
      return DOCS_URL === undefined || (OFFERED ?? WEBHOOKS) !== undefined ? [] : [TOKEN_ROLES];
    });

  it('is a role that every function for callers checks, and no scope', () => {
    const service = synthesiseWith({ roles: ['provision', 'operate'] });
    expect(new Set(scopesIn(service))).toEqual(new Set([undefined]));
    expect(rolesIn(service)).toEqual(Array(2 * endpoints.length + deployed.length + 2).fill('provision operate'));
  });

  it('is absent if the stage requires none', () => {
    const service = synthesiseWith({});
    expect(new Set(scopesIn(service))).toEqual(new Set([undefined]));
    expect(new Set(rolesIn(service))).toEqual(new Set(['none']));
  });

  it('is nothing for the status of a request, if one endpoint needs nothing', () => {
    const service = synthesiseWith({ routeScopes: { 'create-connector-instance': ['a'] } });
    const scopesFor = (path: RegExp) =>
      service
        .ofType('AWS::ApiGatewayV2::Route')
        .filter(({ properties }) => path.test(properties.RouteKey))
        .map(({ properties }) => properties.AuthorizationScopes);
    expect(scopesFor(/requests|proxy/).every((scopes) => scopes === undefined)).toBe(true);
    expect(scopesFor(/^POST .*connectorInstances$/)).toEqual([['a']]);
  });

  it('is said by each stage, and a role has no space', () => {
    const isValid = (own: object) => stage.safeParse(settingsWith(own)).success;
    expect(isValid({ scopes: [] })).toBe(true);
    expect(isValid({ scopes: undefined })).toBe(false);
    expect(isValid({ scopes: [], roles: ['two roles'] })).toBe(false);
  });
});
