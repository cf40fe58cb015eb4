import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createApiServerOperation } from '../../lib/endpoints/create-api-server-operation.ts';
import { faults } from './faults.ts';

const { body } = createApiServerOperation;
const path = (pattern: unknown = '/a', type: unknown = 'EXACT') => ({ type, pattern });
const paths = (count: number) => Array.from({ length: count }, (_, index) => path(`/${index}`));
const references = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `${index}` }));
const operation = (members: Record<string, unknown> = {}) => ({ name: 'a', paths: [path()], ...members });
const faultsWith = (members: Record<string, unknown>) => faults(body, operation(members));
const faultsOfAccess = (accessControl: unknown) => faultsWith({ accessControl });

describe('an operation', () => {
  it.each(['methods', 'accessControl'])('accepts an absent %s, and null as the same', (member) => {
    expect(z.parse(body, operation())).not.toHaveProperty(member);
    expect(z.parse(body, operation({ [member]: null }))).toEqual(operation({ [member]: null }));
  });

  it.each(['name', 'paths'])('needs its %s', (member) => {
    expect(faultsWith({ [member]: undefined })).toEqual([`${member} invalid_type`]);
    expect(faultsWith({ [member]: null })).toEqual([`${member} invalid_type`]);
  });

  it('has a non-empty name of any length and any characters', () => {
    expect(faultsWith({ name: '' })).toEqual(['name too_small']);
    expect(faultsWith({ name: ' <${'.repeat(1000) })).toEqual([]);
  });

  it('may not have other members', () => {
    expect(faultsWith({ method: 'GET' })).toEqual([' unrecognized_keys']);
    expect(faultsWith({ paths: [{ ...path(), x: 1 }] })).toEqual(['paths.0 unrecognized_keys']);
  });
});

describe('the paths of an operation', () => {
  it('are one to ten', () => {
    expect(faultsWith({ paths: [] })).toEqual(['paths too_small']);
    expect(faultsWith({ paths: paths(10) })).toEqual([]);
    expect(faultsWith({ paths: paths(11) })).toEqual(['paths too_big']);
  });

  it('are EXACT or PARAMETER', () => {
    expect(faultsWith({ paths: [path('/a', 'EXACT'), path('/*', 'PARAMETER')] })).toEqual([]);
    expect(faultsWith({ paths: [path('/a', 'exact')] })).toEqual(['paths.0.type invalid_value']);
    expect(faultsWith({ paths: [{ pattern: '/a' }] })).toEqual(['paths.0.type invalid_value']);
  });

  it('have patterns of one to 2048 characters', () => {
    expect(faultsWith({ paths: [path('')] })).toEqual(['paths.0.pattern too_small']);
    expect(faultsWith({ paths: [path('😀'.repeat(2048))] })).toEqual([]);
    expect(faultsWith({ paths: [path('a'.repeat(2049))] })).toEqual(['paths.0.pattern too_big']);
    expect(faultsWith({ paths: [path('', 'PARAMETER')] })).toEqual(['paths.0.pattern too_small']);
    expect(faultsWith({ paths: [path(7)] })).toEqual(['paths.0.pattern invalid_type']);
  });

  it('have patterns that are literally unique, whatever their types', () => {
    expect(faultsWith({ paths: [path('/a'), path('/A'), path('/a/')] })).toEqual([]);
    expect(faultsWith({ paths: [path('/*'), path('/b'), path('/*', 'PARAMETER'), path('/*')] })).toEqual([
      'paths.2.pattern UNIQUENESS_VIOLATION',
      'paths.3.pattern UNIQUENESS_VIOLATION',
    ]);
  });

  it('report each violation of a pattern as one issue', () => {
    const { error } = z.safeParse(body, operation({ paths: [path(), path('/a//{b}{c}', 'PARAMETER')] }));
    expect(error?.issues).toMatchObject([
      { path: ['paths', 1, 'pattern'], message: expect.stringContaining('segment 2 is ""') },
      { path: ['paths', 1, 'pattern'], message: expect.stringContaining('segment 3 is "{b}{c}"') },
    ]);
  });

  it('check a pattern of an unknown type by the rules of both types', () => {
    expect(faultsWith({ paths: [path('{a//', 'x')] })).toEqual([
      'paths.0.type invalid_value',
      'paths.0.pattern INVALID_VALUE',
    ]);
  });

  it.each([[null], [[]], ['/a'], [1]])('may not be %j', (wrong) => {
    expect(faultsWith({ paths: [wrong] })).toEqual(['paths.0 invalid_type']);
  });
});

describe('the methods of an operation', () => {
  const methods = (count: number) => Array.from({ length: count }, (_, index) => `M${index}`);

  it('are one to ten, if present', () => {
    expect(faultsWith({ methods: [] })).toEqual(['methods too_small']);
    expect(faultsWith({ methods: methods(10) })).toEqual([]);
    expect(faultsWith({ methods: methods(11) })).toEqual(['methods too_big']);
    expect(faultsWith({ methods: 'GET' })).toEqual(['methods invalid_type']);
  });

  it.each(['GET', 'HEAD', 'get', 'PROPFIND', "!#$%&'*+-.^_`|~09azAZ", 'A'.repeat(64)])('may be %j', (method) => {
    expect(faultsWith({ methods: [method] })).toEqual([]);
  });

  it.each([
    ['', 'too_small'],
    ['A'.repeat(65), 'too_big'],
    ['GET ', 'invalid_format'],
    ['GET\n', 'invalid_format'],
    ['A/B', 'invalid_format'],
    ['É', 'invalid_format'],
    [null, 'invalid_type'],
  ])('may not be %j', (method, code) => expect(faultsWith({ methods: [method] })).toEqual([`methods.0 ${code}`]));

  it('are unique, by their exact case', () => {
    expect(faultsWith({ methods: ['GET', 'get'] })).toEqual([]);
    expect(faultsWith({ methods: ['GET', 'PUT', 'GET', 'GET'] })).toEqual([
      'methods.2 UNIQUENESS_VIOLATION',
      'methods.3 UNIQUENESS_VIOLATION',
    ]);
  });
});

describe('the access control of an operation', () => {
  it.each([
    {},
    { group: null, permission: null, scope: null, custom: null, authentication: null },
    { group: { groups: references(25) }, permission: { id: 'x' }, scope: { scopes: references(3) } },
    { permission: {} },
    { permission: { id: null } },
    { permission: { id: { id: 'x' } } },
    { scope: { matchType: 'ANY', scopes: references(1) } },
    { scope: { matchType: 'ALL', scopes: [] } },
    { scope: { matchType: null, scopes: references(10_000) } },
    { custom: {} },
    { custom: { enabled: null } },
    { custom: { enabled: false } },
    { authentication: { acrs: [{ id: 'x', type: 'PINGONE' }] } },
    { authentication: { acrs: [{ id: 'x', type: 'DAVINCI' }], maxAge: null } },
    { authentication: { acrs: null, maxAge: 1 } },
  ])('may be %j', (accessControl) => {
    expect(z.parse(body, operation({ accessControl }))).toEqual(operation({ accessControl }));
  });

  it.each([
    [{ group: {} }, 'group.groups invalid_type'],
    [{ group: { groups: [] } }, 'group.groups too_small'],
    [{ group: { groups: references(26) } }, 'group.groups too_big'],
    [{ group: { groups: [{ id: '' }] } }, 'group.groups.0.id too_small'],
    [{ group: { groups: [{ id: 'x', name: 'y' }] } }, 'group.groups.0 unrecognized_keys'],
    [{ permission: { id: 1 } }, 'permission.id invalid_union'],
    [{ permission: { id: ['x'] } }, 'permission.id invalid_union'],
    [{ scope: {} }, 'scope.scopes invalid_type'],
    [{ scope: { matchType: 'any', scopes: references(1) } }, 'scope.matchType invalid_value'],
    [{ scope: { scopes: references(10_001) } }, 'scope.scopes too_big'],
    [{ scope: { scopes: [{}] } }, 'scope.scopes.0.id invalid_type'],
    [{ custom: { enabled: 'true' } }, 'custom.enabled invalid_type'],
    [{ authentication: {} }, 'authentication REQUIRED_VALUE'],
    [{ authentication: { acrs: null, maxAge: null } }, 'authentication REQUIRED_VALUE'],
    [{ authentication: { acrs: [] } }, 'authentication.acrs too_small'],
    [{ authentication: { acrs: ['x', 'y'].map((id) => ({ id, type: 'PINGONE' })) } }, 'authentication.acrs too_big'],
    [{ authentication: { acrs: [{ id: '', type: 'PINGONE' }] } }, 'authentication.acrs.0.id too_small'],
    [{ authentication: { acrs: [{ id: 'x', type: 'OTHER' }] } }, 'authentication.acrs.0.type invalid_value'],
    [{ authentication: { acrs: [{ id: 'x' }] } }, 'authentication.acrs.0.type invalid_value'],
    [{ authentication: { maxAge: 0 } }, 'authentication.maxAge too_small'],
    [{ authentication: { maxAge: 1.5 } }, 'authentication.maxAge invalid_type'],
    [{ authentication: { maxAge: '60' } }, 'authentication.maxAge invalid_type'],
    [{ authentication: 'x' }, 'authentication invalid_type'],
    [{ authentication: [] }, 'authentication invalid_type'],
    [{ policy: {} }, ' unrecognized_keys'],
  ])('may not be %j', (accessControl, fault) => {
    expect(faultsOfAccess(accessControl)).toEqual([`accessControl${fault.startsWith(' ') ? '' : '.'}${fault}`]);
  });

  it('requires acrs or maxAge even if authentication has another violation', () => {
    expect(faultsOfAccess({ authentication: { age: 1 } })).toEqual([
      'accessControl.authentication unrecognized_keys',
      'accessControl.authentication REQUIRED_VALUE',
    ]);
  });
});

it("an operation's violations are all reported at once", () => {
  const wrong = {
    name: 1,
    extra: true,
    methods: ['GET', 7, 'GET', 'A B'],
    paths: [path('//'), { ...path('/{a', 'PARAMETER'), x: 1 }, path('/c', 'x'), path('/c'), 'text', path('')],
    accessControl: { group: { groups: [] }, authentication: {}, scope: { matchType: 'x', scopes: [{ id: 1 }] } },
  };
  expect([...faults(body, wrong)].sort()).toEqual(
    [
      'name invalid_type',
      ' unrecognized_keys',
      'methods.1 invalid_type',
      'methods.2 UNIQUENESS_VIOLATION',
      'methods.3 invalid_format',
      'paths.0.pattern INVALID_VALUE',
      'paths.1 unrecognized_keys',
      'paths.1.pattern INVALID_VALUE',
      'paths.1.pattern INVALID_VALUE',
      'paths.2.type invalid_value',
      'paths.3.pattern UNIQUENESS_VIOLATION',
      'paths.4 invalid_type',
      'paths.5.pattern too_small',
      'accessControl.group.groups too_small',
      'accessControl.authentication REQUIRED_VALUE',
      'accessControl.scope.matchType invalid_value',
      'accessControl.scope.scopes.0.id invalid_type',
    ].sort(),
  );
});

it('an array over its limit is rejected as a whole, which limits the violations', () => {
  const many = Array(500_000).fill(1);
  const wrong = {
    name: 1,
    paths: many,
    methods: many,
    accessControl: { scope: { scopes: many }, group: { groups: many }, authentication: { acrs: many } },
  };
  expect(faults(body, wrong)).toEqual([
    'name invalid_type',
    'paths too_big',
    'methods too_big',
    'accessControl.group.groups too_big',
    'accessControl.scope.scopes too_big',
    'accessControl.authentication.acrs too_big',
  ]);
});

it("an operation's limits are in its JSON Schema", () => {
  const schema = JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }));
  for (const limit of [
    '"minItems":1,"maxItems":10',
    '"uniqueItems":true',
    '"minItems":1,"maxItems":25',
    '"minItems":1,"maxItems":1',
    '"minLength":1,"maxLength":2048',
    '"minLength":1,"maxLength":64',
    '"required":["acrs"]},{"properties":{"maxAge":{"type":"integer"}},"required":["maxAge"]}]',
    '"exclusiveMinimum":0',
  ]) {
    expect(schema).toContain(limit);
  }
});
