import fc from 'fast-check';
import * as z from 'zod/mini';
import type { OpenApiDocument } from './document.ts';

const limit = z.optional(z.number());
const keywords = z.object({
  $ref: z.optional(z.string()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  anyOf: z.optional(z.array(z.unknown())),
  enum: z.optional(z.array(z.unknown())),
  properties: z.optional(z.record(z.string(), z.unknown())),
  required: z.optional(z.array(z.string())),
  items: z.optional(z.unknown()),
  minItems: limit,
  maxItems: limit,
  minLength: limit,
  maxLength: limit,
  pattern: z.optional(z.string()),
  format: z.optional(z.string()),
});

type Keywords = z.output<typeof keywords>;
type Inner = (schema: unknown) => fc.Arbitrary<unknown>;

/** Values for a schema of the document. Most of them fit; a keyword that is not read here may forbid some. */
export const valuesOf = ({ components }: OpenApiDocument, schema: unknown): fc.Arbitrary<unknown> => {
  const of: Inner = (inner) => {
    const known = keywords.parse(inner);
    if (known.$ref) return of(components.schemas[known.$ref.split('/').at(-1) ?? '']);
    if (known.enum) return fc.constantFrom(...known.enum);
    const types = [known.type ?? []].flat();
    if (types.length > 0) return fc.oneof(...types.map((type) => byType[type]?.(known, of) ?? anything));
    return known.anyOf ? fc.oneof(...known.anyOf.map(of)) : anything;
  };
  return of(schema);
};

/** Letters of one byte and of several, and the special characters of names and paths. */
const character = fc.constantFrom(...'abcXYZ019 -_./é漢😀/*<{}');
const text = (minLength: number, maxLength: number) => fc.string({ unit: character, minLength, maxLength });

export const anything = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1.5, '', {}, []),
  text(1, 8),
  fc.array(text(0, 8), { maxLength: 3 }),
  fc.dictionary(text(0, 8), text(0, 8), { maxKeys: 3, noNullPrototype: true }),
);

const byType: Readonly<Record<string, (known: Keywords, of: Inner) => fc.Arbitrary<unknown>>> = {
  object: ({ properties, required }, of) => {
    if (properties === undefined) return fc.dictionary(text(0, 8), anything, { maxKeys: 3, noNullPrototype: true });
    const members = Object.entries(properties).map(([name, member]) => {
      const values = of(member);
      return [name, required?.includes(name) ? values : fc.option(values, { nil: undefined, freq: 2 })];
    });
    return fc.record(Object.fromEntries(members), { noNullPrototype: true });
  },
  array: ({ items, minItems = 0, maxItems = minItems + 1 }, of) => {
    const ofLength = (minLength: number, maxLength: number) => fc.array(of(items), { minLength, maxLength });
    return fc.oneof(
      { weight: 8, arbitrary: ofLength(minItems, Math.min(maxItems, minItems + 1)) },
      { weight: 2, arbitrary: ofLength(Math.min(maxItems, 30), Math.min(maxItems, 30) + 1) },
    );
  },
  string: ({ minLength = 0, maxLength = minLength + 30, pattern = '', format }) => {
    // No other text would ever have the pattern of a UUID.
    if (format === 'uuid') return fc.uuid();
    return fc
      .oneof(
        { weight: 1, arbitrary: text(minLength, Math.min(maxLength, minLength + 30)) },
        { weight: 1, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,12}$/) },
        { weight: 9, arbitrary: fc.stringMatching(/^\/[a-z]{1,12}(\/\*)?$/) },
        { weight: 2, arbitrary: fc.constantFrom('é'.repeat(maxLength), '😀'.repeat(maxLength + 1)) },
      )
      .filter((value) => new RegExp(pattern, 'u').test(value));
  },
  integer: () => fc.integer({ min: 0, max: 100_000 }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
};
