import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../lib/problems.ts';
import { maximumDepth, parseJson } from '../../lib/validation/parse-json.ts';

const faultsOf = (text: string) => {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof Problem) return error.facts.violations ?? [];
    throw error;
  }
  return [];
};

describe('a JSON body', () => {
  it('is parsed as by JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('may begin with a byte order mark, which is ignored', () => {
    expect(parseJson('\uFEFF{"a": 1}')).toEqual({ a: 1 });
    expect(parseJson('\uFEFF{"a": "\uFEFF"}')).toEqual({ a: '\uFEFF' });
    for (const [text, place] of [
      ['\uFEFF{"a": 1,}', 'line 1, column 9'],
      ['\uFEFF\uFEFF{}', 'line 1, column 1'],
      ['{}\uFEFF', 'line 1, column 3'],
    ] as const)
      expect(faultsOf(text)).toEqual([expect.objectContaining({ message: expect.stringContaining(place) })]);
  });

  it.each([
    ['{"a": 1,}', 'line 1, column 9'],
    ['{\n  "name": x\n}', 'line 2, column 11'],
    ['{"a": ', 'line 1, column 7'],
    ['', 'line 1, column 1'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": 1} x', 'line 1, column 10'],
    ['{"a": "\u0001"}', 'line 1, column 7'],
    ['// no\n{}', 'line 1, column 1'],
  ])('that is not JSON is rejected with the position: %j', (text, place) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ message: expect.stringContaining(place) })]);
  });

  it.each([
    ['{"port": 12345678901234567890}', '/port'],
    ['{"a": [0.1000000000000000055511151231257827]}', '/a/0'],
    ['{"a": 1e400}', '/a'],
    ['[-9007199254740993]', '/0'],
    ['{"a/b": 1e-400}', '/a~1b'],
  ])('with a number that a double cannot represent is rejected: %s', (text, pointer) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ code: 'INVALID_VALUE', pointer })]);
  });

  it.each([
    '1.50e1',
    '0.1',
    '-0',
    '1E2',
    '9007199254740992',
    '123456789012345680000',
    '1e21',
    '0.000001',
    '2.5e-7',
    '100000000000000000000000',
  ])('with a number that only changes its form is accepted: %s', (number) => {
    expect(parseJson(`{"a": ${number}}`)).toEqual({ a: Number(number) });
  });

  it('accepts any number that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseJson(JSON.stringify([number]))).toEqual([number + 0 === 0 ? 0 : number]);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('accepts long digits in a string', () => {
    expect(parseJson('{"a": "x: 12345678901234567890"}')).toEqual({ a: 'x: 12345678901234567890' });
  });

  it.each(['{"a": {"__proto__": 1}}', '{"a": {"\\u005f_proto__": 1}}'])(
    'with a member __proto__ is rejected: %s',
    (text) => {
      expect(faultsOf(text)).toEqual([expect.objectContaining({ pointer: '/a/__proto__' })]);
    },
  );

  it('keeps the last of repeated members', () => {
    expect(parseJson('{"a": 1, "a": 2}')).toEqual({ a: 2 });
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('may nest %s as deep as both doors accept, and no deeper', (_, open, close) => {
    const nested = (depth: number) => `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`;
    expect(() => parseJson(nested(maximumDepth))).not.toThrow();
    for (const depth of [maximumDepth + 1, 10_000, 200_000]) {
      expect(faultsOf(nested(depth))).toEqual([expect.objectContaining({ message: expect.stringContaining('500') })]);
    }
    expect(faultsOf(open.repeat(100_000))).toHaveLength(1);
  });

  it('reports at most a hundred violations, with shortened places', () => {
    const violations = faultsOf(`{"${'x'.repeat(100_000)}":[${'1e400,'.repeat(1_000)}1]}`);
    expect(violations).toHaveLength(100);
    expect(violations[0]?.target).toBe(`${'x'.repeat(1_000)}…`);
    expect(violations[0]?.pointer).toBe('');
    expect(faultsOf(`{${'"__proto__":1,'.repeat(1_000)}"a":1}`)).toHaveLength(100);
  });

  it('checks a long number in linear time', () => {
    const begun = performance.now();
    expect(faultsOf(`[1${'0'.repeat(500_000)}1]`)).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('does not nest after an unterminated string', () => {
    expect(faultsOf(`["\n${'['.repeat(100_000)}`)).toEqual([
      { code: 'INVALID_VALUE', message: expect.stringContaining('line 1, column 2: UnexpectedEndOfString') },
    ]);
  });

  it('does not count brackets in strings', () => {
    expect(parseJson(JSON.stringify(['[{"\\'.repeat(400)]))).toEqual(['[{"\\'.repeat(400)]);
  });
});
