import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createConnectorInstance } from '../../lib/endpoints/create-connector-instance.ts';
import { nestedArrays } from '../harness/hostile-input.ts';
import { faults } from './faults.ts';

const { body } = createConnectorInstance;
const instance = (members: Record<string, unknown> = {}) => ({ name: 'a', connector: { id: 'b' }, ...members });
const named = (name: unknown) => faults(body, instance({ name }));
const connected = (id: unknown) => faults(body, instance({ connector: { id } }));

describe('the name of a connector instance', () => {
  it.each([
    'a',
    'a'.repeat(256),
    '😀'.repeat(256),
    'My Connector (1)',
    'a&b,c:d@e+#"f',
    'a\tb',
    'a ',
    `a\n<b>\${c}`,
    '$',
    'a$b{c}',
    'a>b',
    '日本語',
  ])('may be %j', (name) => expect(named(name)).toEqual([]));

  it.each([
    ['', 'too_small'],
    ['a'.repeat(257), 'too_big'],
    ['😀'.repeat(257), 'too_big'],
    [' a', 'invalid_format'],
    ['\na', 'invalid_format'],
    ['\u00A0a', 'invalid_format'],
    ['a<b', 'invalid_format'],
    ['<', 'invalid_format'],
    [`a\${b}`, 'invalid_format'],
    ['a<\nb', 'invalid_format'],
    [null, 'invalid_type'],
    [1, 'invalid_type'],
    [undefined, 'invalid_type'],
  ])('may not be %j', (name, code) => expect(named(name)).toEqual([`name ${code}`]));

  it('is rejected with a message, not with a regular expression', () => {
    const { error } = z.safeParse(body, instance({ name: 'a<b' }));
    expect(error?.issues[0]?.message).toBe('must not start with white space or contain "<" or "${" in its first line');
  });

  it("is rejected exactly if PingOne's published pattern does not match", () => {
    const published = /^(?=\S)[\p{L}\p{M}\p{N}\p{So}/.'_ -]*(?!.*((<)|(\$\{)))/u;
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...`a9 -/.<>\${}(\t\n\r\u2028\u00A0\u0301`),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (id) => {
        expect(connected(id).length === 0).toBe(published.test(id));
      }),
      { seed: 1, numRuns: 1500 },
    );
  });
});

describe('the connector of a connector instance', () => {
  it('has an id of any length', () => expect(connected('a'.repeat(10_000))).toEqual([]));

  it('is checked in linear time', () => {
    const before = performance.now();
    expect(connected(`${'a'.repeat(1_000_000)}<`)).toEqual(['connector.id invalid_format']);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([
    ['', 'too_small'],
    [' b', 'invalid_format'],
    ['b${', 'invalid_format'],
    [null, 'invalid_type'],
  ])('may not have the id %j', (id, code) => expect(connected(id)).toEqual([`connector.id ${code}`]));

  it('is required', () => expect(faults(body, { name: 'a' })).toEqual(['connector invalid_type']));
});

describe('the properties of a connector instance', () => {
  it.each([
    null,
    {},
    { a: null },
    { clientId: { value: 'x' }, openId: { properties: { b: { value: [1, { c: true }] } } } },
  ])('may be %j', (properties) => {
    expect(z.parse(body, instance({ properties }))).toEqual(instance({ properties }));
  });

  it('may be absent, and then stay absent', () => expect(z.parse(body, instance())).not.toHaveProperty('properties'));

  it('keep every key, however odd', () => {
    const text =
      '{"":1,"0":2,"constructor":3,"prototype":4,"toString":5,"hasOwnProperty":6,"$ref":7,"a.b":8,"\\u0000":9}';
    const parsed = z.parse(body, instance({ properties: JSON.parse(text) }));
    expect(Object.entries(parsed.properties ?? {}).sort()).toEqual(Object.entries(JSON.parse(text)).sort());
  });

  it('may be nested ten thousand levels deep', () => {
    const deep = JSON.parse(`{"a":${nestedArrays(10_000)}}`);
    expect(faults(body, instance({ properties: deep }))).toEqual([]);
  });

  it.each([[[]], ['text'], [1], [true]])('may not be %j', (properties) => {
    expect(faults(body, instance({ properties }))).toEqual(['properties invalid_type']);
  });
});

it("a connector instance's violations are all reported at once", () => {
  const wrong = { name: 1, connector: { id: ' ${', Id: 'b' }, properties: [], propertys: {}, type: 'x' };
  expect(faults(body, wrong)).toEqual([
    'name invalid_type',
    'connector.id invalid_format',
    'connector unrecognized_keys',
    'properties invalid_type',
    ' unrecognized_keys',
  ]);
});

it("a connector instance's limits are in its JSON Schema", () => {
  expect(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' })).toMatchObject({
    required: ['name', 'connector'],
    additionalProperties: false,
    properties: {
      name: { minLength: 1, maxLength: 256, pattern: '^(?!\\s|.*?(?:<|\\$\\{))' },
      connector: { additionalProperties: false, properties: { id: { minLength: 1 } } },
    },
  });
});

describe('the properties of a connector instance', () => {
  const withValue = (value: unknown) => faults(body, instance({ properties: { list: [{ of: { value } }] } }));

  it.each(['**', '******', '*'.repeat(64)])('may not have the mask %j at any level', (value) => {
    expect(withValue(value)).toEqual(['properties.list.0.of.value custom']);
  });

  it.each(['*', '', 'a**', '** ', '**a**', 0, null])('may have the value %j', (value) => {
    expect(withValue(value)).toEqual([]);
  });
});
