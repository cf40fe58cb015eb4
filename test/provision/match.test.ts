import { describe, expect, it } from 'vitest';
import { createApiServerOperation } from '../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import { find, type Sought } from '../../lib/provision/match.ts';

const since = Date.parse('2026-01-01T00:00:00Z');

const instance = (changes: Record<string, unknown> = {}) => ({
  id: 'i1',
  name: 'One',
  connector: { id: 'httpConnector' },
  createdAt: '2026-01-01T00:00:01Z',
  ...changes,
});

const soughtInstance = (body: Record<string, unknown> = {}, sought: Partial<Sought> = {}): Sought => ({
  endpoint: createConnectorInstance,
  body: { name: 'One', connector: { id: 'httpConnector' }, ...body },
  wholeBody: true,
  since,
  assigned: new Map(),
  ...sought,
});

const operation = (changes: Record<string, unknown> = {}) => ({
  id: 'o1',
  name: 'Pay',
  paths: [
    { type: 'EXACT', pattern: '/a' },
    { type: 'PARAMETER', pattern: '/b/*' },
  ],
  ...changes,
});

const soughtOperation = (body: Record<string, unknown> = {}): Sought => ({
  endpoint: createApiServerOperation,
  body: { name: 'Pay', paths: operation().paths, ...body },
  wholeBody: true,
  since,
  assigned: new Map(),
});

describe('the search for the resource of a lost send', () => {
  it.each([
    ['as it was sent', {}, {}],
    ['with members of PingOne’s own', { metadata: { type: 'x' }, updatedAt: '2026-01-01T00:00:01Z' }, {}],
    ['with its name trimmed and normalised', { name: 'Zoe\u0308' }, { name: ' Zo\u00eb ' }],
    [
      'with its secrets masked',
      { properties: { p: { value: '******', secure: true } } },
      { properties: { p: { value: 's3cret' } } },
    ],
    ['without a member that was sent as null', {}, { properties: null }],
    ['with a member that was sent as null', { properties: { p: { value: 'a' } } }, { properties: null }],
    ['without an object with nothing in it', {}, { properties: { p: null } }],
    ['without an array with nothing in it', {}, { properties: [] }],
    ['with an object with nothing in it in the place of null', { properties: [{}] }, { properties: [null] }],
    [
      'with a UUID in lower case',
      { properties: { p: 'abcdef01-2345-6789-abcd-ef0123456789' } },
      { properties: { p: 'ABCDEF01-2345-6789-ABCD-EF0123456789' } },
    ],
    ['without a date', { createdAt: undefined }, {}],
    ['with a date that is none', { createdAt: 'yesterday' }, {}],
    ['with the time in milliseconds', { createdAt: since + 1_000 }, {}],
    ['with a time that nobody can have made it at', { createdAt: 1_767_225_600 }, {}],
    ['with the zero time of a server without one', { createdAt: '0001-01-01T00:00:00Z' }, {}],
  ])('finds the resource %s', (_, there, sent) => {
    expect(find([instance(there)], soughtInstance(sent))).toEqual({ found: 'one', id: 'i1' });
  });

  it.each([
    ['of another name', { name: 'Two' }],
    ['of another connector', { connector: { id: 'other' } }],
    ['that is older', { createdAt: '2025-12-31T23:59:59Z' }],
    ['that is as old as PingOne can be', { createdAt: '2000-01-01T00:00:00Z' }],
    ['that is older, in milliseconds', { createdAt: since - 1 }],
    ['whose name is asterisks', { name: '***' }],
    ['of another name whose connector cannot be read', { name: 'Two', connector: null }],
    ['of another connector whose name cannot be read', { name: null, connector: { id: 'other' } }],
    ['of another name without an id', { name: 'Two', id: undefined }],
  ])('ignores a resource %s', (_, there) => {
    expect(find([instance(there)], soughtInstance())).toEqual({ found: 'none' });
  });

  it.each([
    ['case', 'ONE'],
    ['white space', 'O ne', 'O  ne'],
    ['its form in Unicode', 'One', '\uff2fne'],
  ])('is unclear about a name that differs in %s: PingOne may have stored it so', (_, there, sent = 'One') => {
    expect(find([instance({ name: there })], soughtInstance({ name: sent }))).toEqual({
      found: 'unclear',
      ids: ['i1'],
    });
  });

  it('ignores a resource that belongs to another request', () => {
    const assigned = new Map([['i1', 'another']]);
    expect(find([instance(), instance({ id: 'i2' })], soughtInstance({}, { assigned }))).toEqual({
      found: 'one',
      id: 'i2',
    });
  });

  it.each([
    ['differs in what was sent', [instance({ properties: { p: { value: 'b' } } })], ['i1']],
    ['lacks what was sent', [instance()], ['i1']],
    ['differs in the white space of what is no name', [instance({ properties: { p: { value: ' a' } } })], ['i1']],
    ['differs in the type of what was sent', [instance({ properties: { p: { value: ['a'] } } })], ['i1']],
    ['has a list of asterisks', [instance({ properties: { p: { value: ['***'] } } })], ['i1']],
    ['is there twice', [instance({ properties: { p: { value: 'a' } } }), instance({ id: 'i2' })], ['i1', 'i2']],
  ])('is unclear if it %s', (_, resources, ids) => {
    const sought = soughtInstance({ properties: { p: { value: 'a' } } });
    expect(find(resources, sought)).toEqual({ found: 'unclear', ids });
  });

  it.each([
    ['has no id that can be read', { id: undefined }, []],
    ['has a connector that cannot be read', { connector: null }, ['i1']],
    ['has a connector without an id', { connector: {} }, ['i1']],
    ['has a name that cannot be read', { name: 7 }, ['i1']],
    ['has an empty name', { name: '' }, ['i1']],
    ['cannot be read at all', { id: undefined, name: undefined, connector: undefined, createdAt: undefined }, []],
  ])('never finds nothing if a row %s', (_, changes, ids) => {
    expect(find([instance(changes)], soughtInstance())).toEqual({ found: 'unclear', ids });
    const both = [instance(changes), instance({ id: 'i2' })];
    expect(find(both, soughtInstance())).toEqual({ found: 'unclear', ids: [...ids, 'i2'] });
  });

  it.each([
    ['no paths', undefined],
    ['paths that are no array', 'x'],
    ['a path that cannot be read', [null, operation().paths[1]]],
    ['a path without its pattern', [{ type: 'EXACT' }, operation().paths[1]]],
  ])('never finds nothing if a row has %s', (_, paths) => {
    expect(find([operation({ paths })], soughtOperation())).toEqual({ found: 'unclear', ids: ['o1'] });
    expect(find([operation({ paths, name: 'Other' })], soughtOperation())).toEqual({ found: 'none' });
  });

  it('is unclear about every resource if it does not know the whole body', () => {
    expect(find([instance()], soughtInstance({}, { wholeBody: false }))).toEqual({ found: 'unclear', ids: ['i1'] });
    expect(find([], soughtInstance({}, { wholeBody: false }))).toEqual({ found: 'none' });
  });

  it('compares paths, methods and ids as sets', () => {
    const there = operation({
      paths: [...operation().paths].reverse(),
      methods: ['PUT', 'POST'],
      accessControl: { scope: { matchType: 'ANY', scopes: [{ id: 'b' }, { id: 'a' }] } },
    });
    const sent = { methods: ['POST', 'PUT'], accessControl: { scope: { scopes: [{ id: 'a' }, { id: 'b' }] } } };
    expect(find([there], soughtOperation(sent))).toEqual({ found: 'one', id: 'o1' });
    expect(find([there], soughtOperation({ methods: ['POST'] }))).toMatchObject({ found: 'unclear' });
    expect(find([operation()], soughtOperation({ methods: null }))).toEqual({ found: 'one', id: 'o1' });
  });

  it('counts repeated items of a set', () => {
    const sent = soughtOperation({ methods: ['PUT', 'PUT'] });
    expect(find([operation({ methods: ['PUT', 'POST'] })], sent)).toMatchObject({ found: 'unclear' });
    expect(find([operation({ methods: ['PUT', 'PUT'] })], sent)).toMatchObject({ found: 'one' });
  });

  it('reads asterisks in a path as no secret', () => {
    const paths = [{ type: 'EXACT', pattern: '***' }, operation().paths[1]];
    expect(find([operation({ paths })], soughtOperation())).toEqual({ found: 'none' });
  });

  it('distinguishes a number from a text', () => {
    const [number, text] = [{ properties: { p: 7 } }, { properties: { p: '7' } }];
    expect(find([instance(text)], soughtInstance(number))).toMatchObject({ found: 'unclear' });
    expect(find([instance({ name: '7' })], soughtInstance({ name: 7 }))).toMatchObject({ found: 'unclear' });
  });

  it('compares other arrays in their order', () => {
    const properties = (value: unknown[]) => ({ properties: { urls: { value } } });
    expect(find([instance(properties([1, 2]))], soughtInstance(properties([1, 2])))).toMatchObject({ found: 'one' });
    expect(find([instance(properties([2, 1]))], soughtInstance(properties([1, 2])))).toMatchObject({
      found: 'unclear',
    });
  });

  it('distinguishes operations with other paths', () => {
    const there = operation({ paths: [{ type: 'EXACT', pattern: '/a' }] });
    expect(find([there], soughtOperation())).toEqual({ found: 'none' });
  });
});
