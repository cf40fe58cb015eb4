import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathPatternViolations } from '../../lib/endpoints/rules/path-pattern.ts';

const types = ['EXACT', 'PARAMETER'] as const;
const seed = 20260922;

describe.each(types)('a pattern of type %s', (type) => {
  const tail = type === 'PARAMETER' ? '*' : 'z';

  it.each([
    ['', 'must not be empty'],
    ['x'.repeat(2049), 'must have at most 2048 characters'],
    [`//${tail}`, 'must not have an empty segment: segment 1 is ""'],
    [`/a//${tail}`, 'must not have an empty segment: segment 2 is ""'],
    [`/a/${tail}//`, 'must not have an empty segment: segment 3 is ""'],
    [`/./${tail}`, 'must not have a dot segment: segment 1 is "."'],
    [`/a/../${tail}`, 'must not have a dot segment: segment 2 is ".."'],
    [`/${tail}/..`, 'must not have a dot segment: segment 2 is ".."'],
    [`/${tail}/./`, 'must not have a dot segment: segment 2 is "."'],
    [`/\n/${tail}`, 'must not have control characters: U+000A at position 2'],
    [`/😀\u007F/${tail}`, 'must not have control characters: U+007F at position 3'],
    [`/\u0000/${tail}`, 'must not have control characters: U+0000 at position 2'],
  ])('may not be %j', (pattern, fault) => expect(pathPatternViolations(pattern, type)).toEqual([fault]));

  it.each([`/a/${tail}/`, `/.../${tail}`, `/.a/${tail}`, `/a b/${tail}`, `/\u0080é😀?#%2F/${tail}`])(
    'may be %j',
    (pattern) => expect(pathPatternViolations(pattern, type)).toEqual([]),
  );

  it('may have 2048 characters, however many bytes they take', () => {
    expect(pathPatternViolations(`/${'😀'.repeat(2046)}${tail}`, type)).toEqual([]);
  });

  it('never makes the check throw', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: fc.constantFrom(...'/*{}\\.a\n\uD800'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(anything, (pattern) => {
        for (const fault of pathPatternViolations(pattern, type)) {
          expect(fault).toMatch(/^must [^\p{Cc}]+$/u);
        }
      }),
      { seed, numRuns: 1500 },
    );
  });
});

describe('an EXACT pattern', () => {
  it.each(['/', 'a', 'a/b', '/{a', '/a}b{', '/***', '/a\\', '/\\x', '/{a}/{a}'])('may be %j', (pattern) => {
    expect(pathPatternViolations(pattern, 'EXACT')).toEqual([]);
  });
});

describe('a PARAMETER pattern', () => {
  it.each([
    '/*',
    '/**',
    '/a*b',
    '/a*b*c',
    '/a**',
    '/*/**',
    '/{a}',
    '/{a}/',
    '/{a b*ü😀}',
    '/test/{variable}/*',
    '/{a}/{A}/{b}',
    '/\\{a\\}/*',
    '/\\**',
    '/*\\*',
    '/\\\\\\{/*',
    '/\\***',
  ])('may be %j', (pattern) => expect(pathPatternViolations(pattern, 'PARAMETER')).toEqual([]));

  const wildcard = 'must have an unescaped *, ** or {name}';
  const backslash = 'must have a backslash only before {, }, * or \\';
  const braces =
    'must pair its braces as {name}, with no {, }, \\ or / inside, and have a backslash before every other brace';
  const whole = 'must have {name} only as a whole segment';
  const end = 'must have ** only at its end, and at most two * in a row';

  it.each([
    ['/', [wildcard]],
    ['/a', [wildcard]],
    ['/\\*', [wildcard]],
    ['/\\{a\\}', [wildcard]],
    ['*', ['must start with "/": segment 1 is "*"']],
    ['a/{b}', ['must start with "/": segment 1 is "a"']],
    ['/**/', [`${end}: segment 1 is "**"`]],
    ['/a/**/b', [`${end}: segment 2 is "**"`]],
    ['/**a', [`${end}: segment 1 is "**a"`]],
    ['/***', [`${end}: segment 1 is "***"`]],
    ['/****', [`${end}: segment 1 is "****"`]],
    ['/part1{part2}', [`${whole}: segment 1 is "part1{part2}"`]],
    ['/a/{b}c', [`${whole}: segment 2 is "{b}c"`]],
    ['/{b}{c}', [`${whole}: segment 1 is "{b}{c}"`]],
    ['/{b}*', [`${whole}: segment 1 is "{b}*"`]],
    ['/{a{b}}', [`${braces}: segment 1 is "{a{b}}"`]],
    ['/*/{a', [`${braces}: segment 2 is "{a"`]],
    ['/*/a}', [`${braces}: segment 2 is "a}"`]],
    ['/*/{a/b}', [`${braces}: segment 2 is "{a"`, `${braces}: segment 3 is "b}"`]],
    ['/*/{a\\}b}', [`${braces}: segment 2 is "{a\\}b}"`]],
    ['/*/{}', ['must have a name between its braces: segment 2 is "{}"']],
    [
      '/{}/{}',
      [
        'must have a name between its braces: segment 1 is "{}"',
        'must have a name between its braces: segment 2 is "{}"',
      ],
    ],
    ['/{a}/b/{a}', ['must not use a name twice: segment 3 is "{a}"']],
    ['/*/\\a', [`${backslash}: segment 2 is "\\a"`]],
    ['/*/a\\', [`${backslash}: segment 2 is "a\\"`]],
    ['/a\\/*', [`${backslash}: segment 1 is "a\\"`]],
  ])('may not be %j', (pattern, faults) => expect(pathPatternViolations(pattern, 'PARAMETER')).toEqual(faults));

  it('has all its violations reported at once', () => {
    expect(pathPatternViolations('a//..\n/{b}c/\\d/***', 'PARAMETER')).toHaveLength(6);
  });

  it('is quoted in short form and without control characters', () => {
    const [control, fault] = pathPatternViolations(`/*/${'\u001B'}{${'a'.repeat(2000)}`, 'PARAMETER');
    expect(control).toContain('U+001B at position 4');
    expect(fault).toMatch(/segment 2 is "<U\+001B>\{a{38}…"$/);
  });

  // Literal text, escapes and lone asterisks, in any order that makes no run of asterisks.
  const character = fc.oneof(
    fc.constantFrom('a', 'Z', '7', '-', '%', ' ', 'é', '😀', '\\{', '\\}', '\\*', '\\\\', 'a*b'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((text) => !/[\\/{}*.\p{Cc}]/u.test(text)),
  );
  const literal = fc.array(character, { minLength: 1, maxLength: 6 }).map((characters) => characters.join(''));
  const segments = fc
    .array(fc.oneof(literal, fc.constant('*'), fc.constant('{}')), { maxLength: 8 })
    // Numbered, so that every name is unique.
    .map((texts) => texts.map((text, index) => (text === '{}' ? `{name ${index}*}` : text)));
  const valid = fc
    .record({ segments, last: fc.constantFrom('*', '**', 'a**', '{last}', '*/', '{last}/') })
    .map(({ segments: texts, last }) => ({ texts, pattern: `/${[...texts, last].join('/')}` }));

  it('is accepted if it is built by the rules', () => {
    fc.assert(
      fc.property(valid, ({ pattern }) => {
        expect(pathPatternViolations(pattern, 'PARAMETER')).toEqual([]);
      }),
      { seed, numRuns: 1000 },
    );
  });

  it('is rejected, with the segment named, if one segment breaks a rule', () => {
    const broken = fc.constantFrom(
      '',
      '.',
      '..',
      '**',
      'a**b',
      '***',
      '{',
      '}',
      'a{b}',
      '{b}*',
      '{a{b}}',
      '{}',
      '\\',
      '\\x',
      '{a\\}',
    );
    fc.assert(
      fc.property(valid, broken, fc.nat(), ({ texts, pattern }, wrong, at) => {
        const index = at % (texts.length + 1);
        const mutated = `/${pattern.slice(1).split('/').toSpliced(index, 0, wrong).join('/')}`;
        expect(pathPatternViolations(mutated, 'PARAMETER')).toContainEqual(
          expect.stringMatching(new RegExp(`: segment ${index + 1} is "`)),
        );
        for (const fault of pathPatternViolations(mutated, 'PARAMETER')) {
          expect(fault).toContain(`: segment ${index + 1} is "${wrong}"`);
        }
      }),
      { seed, numRuns: 1000 },
    );
  });

  it('is rejected, with the position named, if it contains a control character', () => {
    fc.assert(
      fc.property(
        valid,
        fc.constantFrom('\u0000', '\t', '\n', '\u001F', '\u007F'),
        fc.nat(),
        ({ pattern }, control, at) => {
          const characters = [...pattern];
          const index = 1 + (at % characters.length);
          const faults = pathPatternViolations(characters.toSpliced(index, 0, control).join(''), 'PARAMETER');
          expect(faults).toContainEqual(
            expect.stringMatching(new RegExp(`U\\+00[0-9A-F]{2} at position ${index + 1}$`)),
          );
        },
      ),
      { seed, numRuns: 1000 },
    );
  });
});
