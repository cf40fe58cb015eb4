import fc from 'fast-check';
import type { Endpoint } from '../../lib/endpoints/endpoint.ts';

/** Nested JSON arrays. */
export const nestedArrays = (depth: number, inner = ''): string => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

/** Nested JSON objects of one member each. */
export const nestedObjects = (depth: number, inner = '1', name = 'a'): string =>
  `${`{${JSON.stringify(name)}:`.repeat(depth)}${inner}${'}'.repeat(depth)}`;

/** JSON numbers that a 64-bit float cannot represent. */
export const inexactNumbers = ['12345678901234567890', '9007199254740993', '1e999'] as const;

/** The body of an endpoint's example with more members, as JSON or nearly so. */
export const exampleWith = (members: string, { example }: Endpoint): string =>
  `${JSON.stringify({ ...example.body, name: 'Hostile' }).slice(0, -1)},${members}}`;

/** Members of up to 1 MB that exhaust a careless parser's time, memory or stack, by description. */
export const oversizedMembers: Readonly<Record<string, () => string>> = {
  '1 MB of [': () => `"properties":${'['.repeat(megabyte)}`,
  'a nesting of 150,000': () => `"properties":${nestedObjects(150_000)}`,
  'a nesting that hides in a string without an end': () => `"properties":["\n${'['.repeat(megabyte)}`,
  'a number of 500,000 digits': () => `"properties":{"a":1${'0'.repeat(500_000)}1}`,
  '150,000 numbers that nothing can hold': () => `"properties":{"a":[${'1e400,'.repeat(150_000)}1]}`,
  '80,000 such numbers under a name of 500 KB': () =>
    `"properties":{"${'x'.repeat(500_000)}":[${'1e400,'.repeat(80_000)}1]}`,
  '80,000 such numbers 500 levels deep': () => `"properties":{"a":${nestedArrays(498, `${'1e400,'.repeat(80_000)}1`)}}`,
  '70,000 members __proto__': () => `"properties":{${'"__proto__":1,'.repeat(70_000)}"a":1}`,
  '80,000 unknown members': () => Array.from({ length: 80_000 }, (_, index) => `"a${index}":1`).join(),
  'an unknown member with a name of 1 MB': () => `"${String.raw`\"`.repeat(megabyte / 2)}":1`,
};

/** Bodies of every kind: odd JSON, nearly valid bodies, and no JSON. */
export const hostileBodies = (example: Readonly<Record<string, unknown>>): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    { weight: 2, arbitrary: mutated(example) },
    { weight: 7, arbitrary: oddJson },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 400, max: 20_000 }).map((depth) => nestedArrays(depth)) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }).map((length) => JSON.stringify(example).slice(0, length)) },
  );

const megabyte = 1_000_000;

const oddNames = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'name', 'paths', 'methods', 'connector', 'properties', ''],
);

const oddNumbers = fc.constantFrom(...inexactNumbers, '-1e-999', '0.1', '-0', '1E5');

const oddTexts = fc.constantFrom(
  ...['\ud800', '\udc00\ud800', '\u0000', '\u202e', '$\u007bx}', '<', '/a/../b', '/{a}/{a}', '/**/x', '*'],
);

/** JSON that no JSON.stringify writes: repeated members, numbers out of range, lone surrogates, deep nesting. */
const oddJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      oddNumbers,
      oddTexts.map((text) => JSON.stringify(text)),
      oddTexts.map((text) => `"${text}"`),
      fc.json({ maxDepth: 1 }),
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items}]`),
    fc
      .array(fc.tuple(oddNames, tie('value')), { maxLength: 6 })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`),
  ),
})).value;

/** The example with one additional or changed member. */
const mutated = (example: Readonly<Record<string, unknown>>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(example), 'accessControl', 'properties'), oddJson)
    .map(([member, value]) => `${JSON.stringify(example).slice(0, -1)},${JSON.stringify(member)}:${value}}`);
