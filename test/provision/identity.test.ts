import { describe, expect, it } from 'vitest';
import { createApiServerOperation as operation } from '../../lib/endpoints/create-api-server-operation.ts';
import { createConnectorInstance as instance } from '../../lib/endpoints/create-connector-instance.ts';
import { fingerprintOf, identified, nameIDsOf, requestIDOf } from '../../lib/provision/identity.ts';

describe('a fingerprint', () => {
  it.each([
    [
      { a: 1, b: [1, { c: 2, d: 3 }] },
      { b: [1, { d: 3, c: 2 }], a: 1 },
    ],
    [undefined, null],
  ])('is the same for %j and %j', (one, other) => {
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1, b: 2 }, { b: 2 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], 1],
    [['a', 'b'], ['a,b']],
    [{ 0: 'a' }, ['a']],
    ['1', 1],
    [{}, []],
    [{ a: { b: 1 } }, { a: {} }],
  ])('differs for %j and %j', (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  it('is the SHA-256 of the JSON with its members in order', () => {
    expect(fingerprintOf({ b: 2, a: 1 })).toBe('43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777');
  });
});

describe('the id of a request', () => {
  const id = requestIDOf('alice', instance, { environmentID: 'e' }, 'k');

  it.each([
    ['caller', requestIDOf('bob', instance, { environmentID: 'e' }, 'k')],
    ['endpoint', requestIDOf('alice', operation, { environmentID: 'e' }, 'k')],
    ['path', requestIDOf('alice', instance, { environmentID: 'f' }, 'k')],
    ['key', requestIDOf('alice', instance, { environmentID: 'e' }, 'l')],
  ])('depends on its %s', (_, other) => {
    expect(other).not.toBe(id);
  });

  it('depends on the arrival if there is no key', () => {
    expect(identified('alice', instance, { environmentID: 'e' }, undefined, 'k')).toEqual({
      requestID: id,
      caller: 'alice',
      arrivalID: 'k',
      key: 'k',
      keyless: true,
    });
    expect(identified('alice', instance, { environmentID: 'e' }, 'k', 'a')).toEqual({
      requestID: id,
      caller: 'alice',
      arrivalID: 'a',
      key: 'k',
      keyless: false,
    });
  });
});

describe('the ids of a name', () => {
  const ids = (name: string) => nameIDsOf(instance, {}, { name, connector: { id: 'c' }, properties: {} });
  const [get, put] = [
    { type: 'EXACT', pattern: '/a' },
    { type: 'EXACT', pattern: '/b' },
  ];

  it('are equal for names that PingOne may equate, unlike in version 0.1', () => {
    expect(ids('O ne').name).toBe(ids(' o  NE').name);
    expect(ids('One').name).not.toBe(ids('Two').name);
    expect(ids('One').previousName).toBe(ids(' One ').previousName);
    expect(ids('One').previousName).not.toBe(ids('one').previousName);
  });

  it('depend only on the identity', () => {
    expect(nameIDsOf(instance, {}, { name: 'One', connector: { id: 'c' } })).toEqual(ids('One'));
    expect(nameIDsOf(instance, {}, { name: 'One', connector: { id: 'd' } })).not.toEqual(ids('One'));
  });

  it('treat paths as a set', () => {
    const of = (paths: unknown) => nameIDsOf(operation, {}, { name: 'Pay', paths }).name;
    expect(of([get, put])).toBe(of([put, get]));
    expect(of([get, put])).not.toBe(of([get]));
    expect(of(undefined)).not.toBe(of([]));
    const ordered = (paths: unknown) => nameIDsOf({ ...operation, sets: [] }, {}, { name: 'Pay', paths }).name;
    expect(ordered([get, put])).not.toBe(ordered([put, get]));
  });
});
