import { describe, expect, it } from 'vitest';
import { matches } from './filter-pattern.ts';
import { evaluate } from './metric-math.ts';

/** The example of the CloudWatch Logs User Guide, "Filter pattern syntax", in short. */
const line = {
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  bandwidth: 12,
  objectKey: { id: 2, name: 'SensitiveTrail' },
  nothing: null,
};

describe("the test's CloudWatch filter pattern", () => {
  it.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{ $.eventType = "Update" }', false],
    ['{ $.eventType = "Update*" }', true],
    ['{ $.sourceIPAddress != "123.123.*" }', true],
    ['{ $.objectKey.id = 2 }', true],
    ['{ $.bandwidth >= 13 }', false],
    ['{ $.objectKey.name = * }', true],
    ['{ $.absent = * }', false],
    ['{ $.nothing = * }', false],
    ['{ $.absent != "x" }', false],
    ['{ ($.eventType = "Other") || ($.objectKey.id > 1) }', true],
    ['{ ($.eventType = "UpdateTrail") && ($.objectKey.id > 2) }', false],
    ['{ ($.eventType = "A") && ($.bandwidth > 2) || ($.bandwidth < 20) }', true],
  ])('%s matches the line: %s', (pattern, expected) => {
    expect(matches(pattern, line)).toBe(expected);
  });

  it.each(['$.a = 1', '{ $.a = }', '{ a = 1 }', '{ $.a = 1', '{ $.a = 1 } x'])('%s is a syntax error', (pattern) => {
    expect(() => matches(pattern, { a: 1 })).toThrow(SyntaxError);
  });
});

describe("the test's CloudWatch metric math", () => {
  it.each([
    ['100 * some / all', { some: 1, all: 4 }, 25],
    ['100 * some / all', { some: undefined, all: 4 }, undefined],
    ['some / all', { some: 1, all: 0 }, undefined],
    ['1 + 2 * 3 - 4', {}, 3],
    ['SUM([FILL(a, 0), FILL(b, 0)])', { a: undefined, b: 3 }, 3],
    ['SUM([a, b])', { a: undefined, b: 3 }, undefined],
    ['MAX([FILL(a, 0), FILL(b, 0)])', { a: 5, b: undefined }, 5],
  ])('%s with %j is %s', (expression, metrics, expected) => {
    expect(evaluate(expression, metrics)).toBe(expected);
  });

  it.each(['a +', 'AVG([a])', 'b', 'a a'])('%s is a syntax error', (expression) => {
    expect(() => evaluate(expression, { a: 1 })).toThrow(SyntaxError);
  });
});
