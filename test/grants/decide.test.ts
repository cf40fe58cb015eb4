import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { endpoints } from '../../lib/endpoints/index.ts';
import { decide } from '../../lib/grants/decide.ts';
import { denied } from '../../lib/grants/denied.ts';
import { type Grant, parseGrants } from '../../lib/grants/document.ts';
import type { AccessRequest } from '../../lib/grants/first-failure.ts';
import { limits } from '../../lib/grants/limits/limits.ts';
import {
  anInstance,
  anOperation,
  apiServer,
  documentWith,
  elsewhere,
  environment,
  instanceGrant,
  instances,
  now,
  operationGrant,
  operations,
  role,
} from './fixtures.ts';

const decided = (asked: AccessRequest, ...grants: readonly Grant[]) =>
  decide({ nonProduction: [], ...documentWith(...grants) }, role, asked, now);

const allowedBy = (grant: string) => ({ allowed: true, caller: 'platform', grant });
const deniedBy = (dimension: string, closest: string | undefined) => ({
  allowed: false,
  dimension,
  denial: expect.any(String),
  caller: 'platform',
  closest,
});

describe('a request for a connector instance', () => {
  it.each([
    ['its connector and name are granted', {}],
    ['any connector and name are granted', { connectors: ['*'], names: ['*'] }],
    ['any environment is granted', { environments: ['*'] }],
    ['one of several is granted', { connectors: ['a', 'http*'], names: ['b', 'ci-1'] }],
    ['the grant has not expired yet', { expires: '2026-01-01T00:00:00.001Z' }],
  ])('is allowed if %s', (_, more) => {
    expect(decided(anInstance(), instanceGrant(more))).toEqual(allowedBy('instances'));
  });

  it('is allowed in production by a grant for production', () => {
    const asked = { ...anInstance(), parameters: { environmentID: elsewhere } };
    const more = { environments: [elsewhere], production: true };
    expect(decided(asked, instanceGrant(more))).toEqual(allowedBy('instances'));
  });

  it.each([
    ['endpoint', { endpoints: [operations.name] }],
    ['environment', { environments: [elsewhere] }],
    ['connector', { connectors: undefined }],
    ['connector', { connectors: [] }],
    ['connector', { connectors: ['httpConnecto', 'HttpConnector', 'httpConnector2', 'web*'] }],
    ['name', { names: undefined }],
    ['name', { names: ['ci', 'ci-', 'ci-2*', '.*'] }],
    ['expired', { expires: '2026-01-01T00:00:00Z' }],
    ['expired', { expires: '2026-01-01T01:00:00+01:00' }],
    ['expired', { expires: 'never' }],
  ])('is denied by %s with a grant of %j', (dimension, more) => {
    expect(decided(anInstance(), instanceGrant(more))).toEqual(deniedBy(dimension, 'instances'));
  });

  it.each([
    ['connector', { connector: undefined }],
    ['connector', { connector: { id: 7 } }],
    ['name', { name: undefined }],
    ['name', { name: ['ci-1'] }],
    // The grant must cover both the name and its form in PingOne.
    ['name', { name: ' ci-1' }],
    ['name', { name: 'exact ' }],
    ['name', { name: 'cafe\u0301' }],
  ])('is denied by %s with a body of %j', (dimension, body) => {
    const grant = instanceGrant({ names: ['ci-*', 'exact', 'cafe*'] });
    expect(decided(anInstance(body), grant)).toEqual(deniedBy(dimension, 'instances'));
  });

  it('is denied by environment if it has none', () => {
    expect(decided({ ...anInstance(), parameters: {} }, instanceGrant())).toEqual(deniedBy('environment', 'instances'));
  });

  it('is denied by production if the document does not list the environment as non-production', () => {
    const grants = { ...documentWith(instanceGrant()), nonProduction: [elsewhere] };
    expect(decide(grants, role, anInstance(), now)).toEqual(deniedBy('production', 'instances'));
    const refusing = documentWith(instanceGrant({ production: false }));
    expect(decide({ ...refusing, nonProduction: [] }, role, anInstance(), now)).toEqual(
      deniedBy('production', 'instances'),
    );
  });
});

describe('a request for an operation', () => {
  const paths = (...patterns: readonly string[]) => ({
    paths: patterns.map((pattern) => ({ type: 'PARAMETER', pattern })),
  });

  it.each([
    [
      'every path has a granted prefix',
      anOperation(paths('/orders/{id}', '/bills/**')),
      { pathPrefixes: ['/orders', '/bills'] },
    ],
    ['it need not say who may use it', anOperation({ accessControl: null }), { requireAccessControl: false }],
  ])('is allowed if %s', (_, asked, more) => {
    expect(decided(asked, operationGrant(more))).toEqual(allowedBy('operations'));
  });

  it.each([
    ['apiServer', { apiServers: undefined }],
    ['apiServer', { apiServers: [elsewhere] }],
    ['path', { pathPrefixes: undefined }],
    ['path', { pathPrefixes: ['/orders2', '/order', '/orders/open'] }],
  ])('is denied by %s with a grant of %j', (dimension, more) => {
    expect(decided(anOperation(), operationGrant(more))).toEqual(deniedBy(dimension, 'operations'));
  });

  it.each([
    [paths('/orders/{id}', '/bills')],
    [paths('/bills', '/orders/{id}')],
    [paths('/{any}')],
    [paths('/**')],
    [{ paths: [] }],
    [{ paths: undefined }],
    [{ paths: '/orders' }],
    [{ paths: [{ type: 'REGEX', pattern: '/orders' }] }],
  ])('is denied by path with a body of %j', (body) => {
    expect(decided(anOperation(body), operationGrant())).toEqual(deniedBy('path', 'operations'));
  });

  it.each([
    { group: { groups: [{ id: 'g' }] } },
    { group: { groups: [{ id: ' ' }, { id: 'g' }] } },
    { permission: { id: 'p' } },
    { permission: { id: { id: 'p' } } },
    { scope: { scopes: [{ id: 's' }] } },
    { group: null, custom: { enabled: false }, scope: { scopes: [{ id: 's' }] } },
    { authentication: { maxAge: 5 }, permission: { id: 'p' } },
  ])('restricts its users with %j', (accessControl) => {
    expect(z.safeParse(operations.body, anOperation({ accessControl }).body).success).toBe(true);
    expect(decided(anOperation({ accessControl }), operationGrant())).toEqual(allowedBy('operations'));
    expect(decided(anOperation({ accessControl }), operationGrant({ requireAccessControl: true }))).toEqual(
      allowedBy('operations'),
    );
  });

  it.each([
    undefined,
    null,
    {},
    { group: null, permission: null, scope: null, custom: null, authentication: null },
    { permission: {} },
    { permission: { id: null } },
    { permission: { id: '' } },
    { permission: { id: ' ' } },
    { permission: { id: '\u200B' } },
    { permission: { id: {} } },
    { permission: { id: { any: 'object' } } },
    { permission: { id: { id: ' ' } } },
    { permission: { id: { id: {} } } },
    { group: { groups: [{ id: ' ' }, { id: '\t' }] } },
    { scope: { scopes: [] } },
    { scope: { scopes: [{ id: '-' }] } },
    { authentication: { maxAge: 5 } },
    { authentication: { acrs: [{ id: 'a', type: 'PINGONE' }] } },
    { custom: {} },
    { custom: { enabled: true } },
    { custom: { enabled: false } },
    { custom: { enabled: null } },
  ])('restricts no user with %j, and is denied by accessControl', (accessControl) => {
    expect(z.safeParse(operations.body, anOperation({ accessControl }).body).success).toBe(true);
    expect(decided(anOperation({ accessControl }), operationGrant())).toEqual(deniedBy('accessControl', 'operations'));
  });
});

describe('a caller', () => {
  it('is identified by each of its principals', () => {
    const client = { jwt: { issuer: 'https://auth.example.com', client: 'c' } };
    const sender = { event: { account: '123456789012', source: 'com.example' } };
    const grants = parseGrants({
      ...documentWith(instanceGrant()),
      callers: [
        { name: 'one', principals: [role, client], grants: [instanceGrant()] },
        { name: 'two', principals: [sender], grants: [] },
      ],
    });
    for (const principal of [role, client]) {
      expect(decide(grants, principal, anInstance(), now)).toMatchObject({ allowed: true, caller: 'one' });
    }
    expect(decide(grants, sender, anInstance(), now)).toEqual({ ...deniedBy('endpoint', undefined), caller: 'two' });
    const subject = { jwt: { issuer: 'https://auth.example.com', subject: 'c' } };
    expect(decide(grants, subject, anInstance(), now)).toEqual({
      allowed: false,
      dimension: 'principal',
      denial: 'no caller has this principal',
    });
  });

  it('is unknown without a principal', () => {
    const grants = { ...documentWith(instanceGrant()), nonProduction: [environment] };
    const unestablished = 'the request is not authenticated';
    expect(decide(grants, { unestablished }, anInstance(), now)).toEqual({
      allowed: false,
      dimension: 'principal',
      denial: `no caller has this principal: ${unestablished}`,
    });
  });

  it('reports the grant that failed last, the first of several', () => {
    const wrong = instanceGrant({ name: 'wrong', environments: [elsewhere] });
    const near = instanceGrant({ name: 'near', names: ['prod-*'] });
    const asNear = instanceGrant({ name: 'as-near', names: ['dev-*'] });
    expect(decided(anInstance(), operationGrant(), wrong, near, asNear, wrong)).toEqual(deniedBy('name', 'near'));
    expect(decided(anInstance(), near, instanceGrant())).toEqual(allowedBy('instances'));
  });
});

describe('an endpoint', () => {
  it('is limited by its own data', () => {
    const grants = {
      environments: 'parameters.environmentID',
      names: 'body.label.text',
      requireAccessControl: ['body.owner'],
    };
    const endpoint = { name: 'create-thing', grants };
    const grant = instanceGrant({ endpoints: ['create-thing'], connectors: undefined });
    const asked = {
      endpoint,
      parameters: { environmentID: environment },
      body: { label: { text: 'ci-1' }, owner: 'o-7' },
    };
    expect(decided(asked, grant)).toEqual(allowedBy('instances'));
    expect(decided({ ...asked, body: { label: { text: 'x' }, owner: 'o-7' } }, grant)).toMatchObject({
      dimension: 'name',
    });
    expect(decided({ ...asked, body: { ...asked.body, owner: 7 } }, grant)).toMatchObject({
      dimension: 'accessControl',
    });
  });

  it('needs only an environment if it has no limits', () => {
    const endpoint = { name: 'create-thing', grants: { environments: 'parameters.environmentID' } };
    const asked = { endpoint, parameters: { environmentID: environment }, body: {} };
    expect(decided(asked, instanceGrant({ endpoints: ['create-thing'] }))).toEqual(allowedBy('instances'));
    expect(decided(asked, instanceGrant())).toMatchObject({ dimension: 'endpoint' });
  });

  it.each(endpoints)('has the members that its limits check: $name', ({ parameters, body, grants }) => {
    const schemaOf = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const schema = { properties: { parameters: schemaOf(parameters), body: schemaOf(body) } };
    for (const place of Object.values(grants).flat()) expect(memberOf(schema, place.split('.')), place).toBeDefined();
  });

  it.each(endpoints)('has only known limits: $name', ({ grants: { environments, ...own } }) => {
    const checked = limits.map(({ name }) => name);
    expect(Object.keys(own).filter((limit) => !checked.includes(limit))).toEqual([]);
  });
});

/** The schema of a member, also below one that may be null. */
const memberOf = (schema: unknown, [name, ...rest]: readonly string[]): unknown => {
  const { properties = {}, anyOf = [] } = Object(schema);
  const inner = name === undefined ? schema : (properties[name] ?? undefined);
  if (inner !== undefined) return rest.length > 0 ? memberOf(inner, rest) : inner;
  return anyOf.map((each: unknown) => memberOf(each, [name ?? '', ...rest])).find(Boolean);
};

describe('a denial', () => {
  it.each([
    ['principal', anInstance(), {}, { iam: { account: '123456789012', role: 'Other' } }],
    ['endpoint', anInstance(), { endpoints: [operations.name] }, role],
    ['environment', anInstance(), { environments: [elsewhere] }, role],
    ['production', { ...anInstance(), parameters: { environmentID: elsewhere } }, { environments: [elsewhere] }, role],
    ['connector', anInstance({ connector: { id: 'x' } }), {}, role],
    ['name', anInstance({ name: 'x' }), {}, role],
    ['apiServer', { ...anOperation(), parameters: { environmentID: environment, apiServerID: elsewhere } }, {}, role],
    ['path', anOperation({ paths: [{ type: 'EXACT', pattern: '/x' }] }), {}, role],
    ['accessControl', anOperation({ accessControl: {} }), {}, role],
    ['expired', anInstance(), { expires: '2020-01-01T00:00:00Z' }, role],
  ])('by %s is a 403 with that dimension, and reveals no caller and no grant', (dimension, asked, more, principal) => {
    const isInstance = asked.endpoint === instances;
    const grant = isInstance ? instanceGrant(more) : operationGrant(more);
    const decision = decide({ nonProduction: [], ...documentWith(grant) }, principal, asked, now);
    if (decision.allowed) throw new Error('it is allowed');
    const problem = denied(decision);
    expect(problem).toMatchObject({ code: 'ACCESS_FAILED', status: 403, isRetryable: false });
    expect(problem.message).toContain(`Denied by the dimension ${dimension}: `);
    expect(problem.facts.violations).toEqual([
      { code: 'INSUFFICIENT_PERMISSIONS', message: expect.any(String), innerError: { dimension } },
    ]);
    for (const told of [
      'platform',
      'instances',
      'ci-',
      'httpConnector',
      '/orders',
      environment,
      apiServer,
      'Platform',
    ]) {
      expect(JSON.stringify(problem.facts) + problem.message).not.toContain(told);
    }
  });

  it('has the reason why there is no principal', () => {
    const decision = decide(
      parseGrants(documentWith(instanceGrant())),
      { unestablished: 'the request is not authenticated' },
      anInstance(),
      now,
    );
    if (decision.allowed) throw new Error('it was allowed');
    expect(denied(decision).message).toBe(
      'Denied by the dimension principal: no caller has this principal: the request is not authenticated.',
    );
  });
});
