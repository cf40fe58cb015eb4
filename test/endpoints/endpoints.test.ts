import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { endpoints } from '../../lib/endpoints/index.ts';
import { faults } from './faults.ts';

it('each endpoint has a unique name, path and event', () => {
  for (const member of ['name', 'path', 'event'] as const) {
    expect(new Set(endpoints.map((endpoint) => endpoint[member])).size).toBe(endpoints.length);
  }
});

describe.each(endpoints)('$name', ({ path, parameters, body, resource, identity, example }) => {
  it('accepts its example unchanged, in all three parts', () => {
    expect(z.parse(parameters, example.parameters)).toEqual(example.parameters);
    expect(z.parse(body, example.body)).toEqual(example.body);
    expect(z.parse(resource, example.resource)).toEqual(example.resource);
  });

  it('has exactly the parameters that its path names', () => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(z.toJSONSchema(parameters).properties ?? {})).toEqual(names);
  });

  it('accepts UUIDs in upper case and returns them in lower case', () => {
    const upper = JSON.parse(JSON.stringify(example.parameters).replace(/[0-9a-f-]{36}/g, (id) => id.toUpperCase()));
    expect(upper).not.toEqual(example.parameters);
    expect(z.parse(parameters, upper)).toEqual(example.parameters);
  });

  it.each(['', '..', 'abfba8f6', 'abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6/', ' abfba8f6-49eb-49f5-a5d9-80ad5c98f9f6'])(
    'rejects %j as a parameter',
    (id) => {
      const names = path.matchAll(/\{(\w+)\}/g);
      const wrong = Object.fromEntries([...names].map(([, name]) => [name, id]));
      expect(z.safeParse(parameters, wrong).error?.issues).toHaveLength(Object.keys(wrong).length);
    },
  );

  it.each([null, [], 'text', 1, true])('rejects %j as a body without throwing', (value) => {
    expect(faults(body, value)).toEqual([' invalid_type']);
  });

  it('accepts an answer with more members than PingOne documents', () => {
    const more = { ...z.parse(z.looseObject({}), example.resource), customerId: 'x' };
    expect(z.parse(resource, more)).toEqual(more);
  });

  it('rejects an answer without an id', () => {
    const { id: _, ...rest } = z.parse(z.looseObject({ id: z.string() }), example.resource);
    expect(faults(resource, rest)).toEqual(['id invalid_type']);
    expect(faults(resource, { ...rest, id: '' })).toEqual(['id too_small']);
  });

  it('identifies a body by members that its example has', () => {
    for (const dotted of identity) {
      const value = dotted
        .split('.')
        .reduce<unknown>((outer, key) => z.parse(z.looseObject({}), outer)[key], example.body);
      expect(value, dotted).toBeDefined();
    }
  });

  it('has a JSON Schema', () => {
    for (const schema of [parameters, body, resource]) {
      expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' });
    }
  });
});
