import { describe, expect, it } from 'vitest';
import type { StageSettings } from '../../infra/aws/settings/stage.ts';
import { lookupPath, otherMethods, otherPaths, routesOfEndpoint, statusPath } from '../../infra/documents/routes.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { settingsOf } from './examples.ts';
import { allows, policiesOf } from './iam.ts';
import { flat, type Resource, type Synthesised, synthesise } from './synthesise.ts';

const [iam] = settingsOf('dev').auth;
const [jwt] = settingsOf('prod').auth;
if (iam?.type !== 'iam' || jwt?.type !== 'jwt') throw new Error('the examples have one kind each');

const withAuth = (auth: StageSettings['auth'], options = {}) =>
  synthesise('dev', { ...settingsOf('dev'), auth }, options);
const alone = withAuth([iam]);
// With cdk-nag a synthesis throws if a rule of AwsSolutions is violated.
const iamSecond = withAuth([jwt, { ...iam, basePath: 'roles' }], { nag: true });
const jwtSecond = withAuth([iam, { ...jwt, basePath: 'tokens' }]);

const routeKeys = [
  ...endpoints.flatMap((endpoint) => Object.values(routesOfEndpoint(endpoint)).flat()),
  { method: 'GET', path: lookupPath },
  { method: 'GET', path: statusPath },
  ...otherMethods.map((method) => ({ method, path: otherPaths })),
];

/** The routes for callers; those of webhooks have no authorizer. */
const routesIn = ({ ofType }: Synthesised['service']) =>
  ofType('AWS::ApiGatewayV2::Route').filter(({ properties }) => !properties.RouteKey.includes('/v1/webhooks/'));

/** The authorizer of each route, by route key. */
const authorizersOf = ({ service }: Synthesised): Readonly<Record<string, Resource['properties']>> =>
  Object.fromEntries(routesIn(service).map(({ properties }) => [properties.RouteKey, properties]));

const iamOnly = { AuthorizationType: 'AWS_IAM' };
const ofTokens = { AuthorizationType: 'JWT', AuthorizationScopes: ['provision'] };

describe('a stage with two kinds of callers', () => {
  it.each([
    ['IAM second', iamSecond, ofTokens, '/roles', iamOnly],
    ['JWT second', jwtSecond, iamOnly, '/tokens', ofTokens],
  ])('has every route once for each kind, with its authorizer: %s', (_, of, first, basePath, second) => {
    const found = authorizersOf(of);
    for (const { method, path } of routeKeys) {
      expect(found[`${method} ${path}`], path).toMatchObject(first);
      expect(found[`${method} ${basePath}${path}`], path).toMatchObject(second);
    }
    expect(Object.keys(found)).toHaveLength(2 * routeKeys.length);
    for (const { AuthorizationType, AuthorizationScopes, AuthorizerId } of Object.values(found)) {
      expect([AuthorizationScopes, AuthorizerId].every(Boolean)).toBe(AuthorizationType === 'JWT');
    }
  });

  it('passes cdk-nag', () => {
    expect(iamSecond.service.named('AWS::IAM::Role', /^PlatformCaller/)).toBeDefined();
  });

  it('sends both kinds to the same functions', () => {
    const byKey = authorizersOf(iamSecond);
    for (const { method, path } of routeKeys) {
      expect(byKey[`${method} /roles${path}`].Target).toEqual(byKey[`${method} ${path}`].Target);
    }
  });

  it('lets API Gateway invoke a create and the status by the routes of each kind alone', () => {
    const { service } = iamSecond;
    const from = service
      .ofType('AWS::Lambda::Permission')
      .map(({ properties }) => flat(properties.SourceArn, iamSecond));
    for (const { create } of endpoints.map(routesOfEndpoint)) {
      for (const path of [create.path, `/roles${create.path}`])
        expect(from).toContainEqual(expect.stringMatching(new RegExp(`/\\*/\\*${path}$`.replace(/[{}]/g, '\\$&'))));
    }
    expect(from).toContainEqual(expect.stringMatching(/\/\*\/\*\/roles\/v1\/requests\/\{id\}$/));
  });

  it('adds its routes, their permissions and its authorizer to a stage with one kind, and nothing else', () => {
    const countsOf = ({ service, state }: Synthesised) =>
      Map.groupBy([...service.resources, ...state.resources], ({ type }) => type);
    const before = countsOf(alone);
    const added = [...countsOf(jwtSecond)].flatMap(([type, { length }]) => {
      const more = length - (before.get(type)?.length ?? 0);
      return more === 0 ? [] : [[type, more]];
    });
    expect(Object.fromEntries(added)).toEqual({
      'AWS::ApiGatewayV2::Route': routeKeys.length,
      'AWS::Lambda::Permission': endpoints.length + 2,
      'AWS::ApiGatewayV2::Authorizer': 1,
    });
    expect(routesIn(alone.service)).toHaveLength(routeKeys.length);
  });

  it('lets the roles of IAM callers call below its base path only', () => {
    const policies = policiesOf(iamSecond.service.named('AWS::IAM::Role', /^PlatformCaller/).id, iamSecond);
    const api = iamSecond.service.named('AWS::ApiGatewayV2::Api', /./).id;
    const environment = 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6';
    const call = (method: string, path: string) =>
      allows(policies, {
        action: 'execute-api:Invoke',
        resource: `arn:aws:execute-api:eu-west-1:<AWS::AccountId>:<${api}>/$default/${method}${path}`,
      });
    const collection = `/v1/environments/${environment}/connectorInstances`;
    expect(call('POST', `/roles${collection}`)).toBe(true);
    expect(call('POST', collection)).toBe(false);
    expect(call('GET', '/roles/v1/requests/any')).toBe(true);
    expect(call('GET', '/v1/requests/any')).toBe(false);
  });

  it('names the address of each kind, and a first call with its authorization, in the outputs', () => {
    const output = (of: Synthesised, name: string) => flat(of.service.outputs[name]?.Value, of);
    const host = output(iamSecond, 'ApiHost');
    expect(output(iamSecond, 'ApiPath')).toBe(`${host}/v1`);
    expect(output(iamSecond, 'IamApiHost')).toBe(`${host}/roles`);
    expect(output(iamSecond, 'IamApiPath')).toBe(`${host}/roles/v1`);
    expect(output(iamSecond, 'ExampleCall')).toMatch(/\/v1\/environments\/.*Bearer/);
    expect(output(iamSecond, 'IamExampleCall')).toMatch(/\/roles\/v1\/environments\/.*--aws-sigv4/);
    expect(output(jwtSecond, 'JwtApiPath')).toBe(`${output(jwtSecond, 'ApiHost')}/tokens/v1`);
    expect(output(jwtSecond, 'JwtExampleCall')).toMatch(/\/tokens\/v1\/.*Bearer/);
    expect(Object.keys(alone.service.outputs).filter((name) => /^(?:Iam|Jwt)Api/.test(name))).toEqual([]);
  });

  it('graphs the requests of each kind', () => {
    const graphed = (of: Synthesised) =>
      [
        ...flat(of.service.named('AWS::CloudWatch::Dashboard', /./).properties.DashboardBody, of).matchAll(
          /"Resource","([^"]*connectorInstances)"/g,
        ),
      ].map(([, resource]) => resource);
    const path = '/v1/environments/{environmentID}/connectorInstances';
    expect(new Set(graphed(iamSecond))).toEqual(new Set([path, `/roles${path}`]));
    expect(new Set(graphed(alone))).toEqual(new Set([path]));
  });
});
