import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathPatternFaults } from '../../lib/endpoints/path-pattern.ts';
import { isBelow, isPathPrefix } from '../../lib/grants/path-prefix.ts';

const seed = 20261003;

describe('a path prefix', () => {
  it.each([
    ['EXACT', '/orders', '/orders'],
    ['EXACT', '/orders/', '/orders'],
    ['EXACT', '/orders/open/7', '/orders'],
    ['EXACT', '/orders/open/7', '/orders/open'],
    ['EXACT', '/', '/'],
    ['EXACT', '/anything', '/'],
    ['EXACT', 'without-a-slash', '/'],
    ['PARAMETER', '/orders/{id}', '/orders'],
    ['PARAMETER', '/orders/*', '/orders'],
    ['PARAMETER', '/orders/**', '/orders'],
    ['PARAMETER', '/orders/open**', '/orders'],
    ['PARAMETER', '/**', '/'],
    ['PARAMETER', '/a\\*b/{id}', '/a*b'],
    ['PARAMETER', '/\\{a\\}b\\\\/{id}', '/{a}b\\'],
    ['EXACT', '/a*b/c', '/a*b'],
    ['EXACT', '/a\\b/c', '/a\\b'],
  ] as const)('covers %s %s by %s', (type, pattern, prefix) => {
    expect(isPathPrefix(prefix)).toBe(true);
    expect(isBelow({ type, pattern }, prefix)).toBe(true);
  });

  it.each([
    ['EXACT', '/orders2', '/orders'],
    ['EXACT', '/Orders', '/orders'],
    ['EXACT', '/', '/orders'],
    ['EXACT', 'orders', '/orders'],
    ['EXACT', '/old/orders', '/orders'],
    ['EXACT', '/orders', '/orders/open'],
    ['EXACT', '/a\\*b', '/a*b'],
    ['PARAMETER', '/orders*', '/orders'],
    ['PARAMETER', '/orders**', '/orders'],
    ['PARAMETER', '/*', '/orders'],
    ['PARAMETER', '/**', '/orders'],
    ['PARAMETER', '/{orders}', '/orders'],
    ['PARAMETER', '/{orders}/x', '/orders'],
    ['PARAMETER', '/*/orders', '/orders'],
    ['PARAMETER', '/orders/{id}', '/orders/open'],
    ['PARAMETER', '/orders/**', '/orders/open'],
    ['PARAMETER', '/a*b/{id}', '/a*b'],
    ['PARAMETER', '/{a}b/{id}', '/{a}b'],
    ['PARAMETER', '/a\\b/{id}', '/a\\b'],
    ['PARAMETER', '/a\\b/{id}', '/ab'],
  ] as const)('leaves out %s %s by %s', (type, pattern, prefix) => {
    expect(isPathPrefix(prefix)).toBe(true);
    expect(isBelow({ type, pattern }, prefix)).toBe(false);
  });

  const literal = fc.constantFrom('orders', 'orders2', 'open', 'a*b', '{', '\\', '...');
  const pathOf = (segment: fc.Arbitrary<string>) =>
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
  const prefix = fc.oneof(fc.constant('/'), pathOf(literal)).filter(isPathPrefix);

  it('covers of exact paths itself and what follows a slash, and nothing else', () => {
    let below = 0;
    fc.assert(
      fc.property(pathOf(literal), prefix, (pattern, given) => {
        const covered = pattern === given || pattern.startsWith(given === '/' ? '/' : `${given}/`);
        if (covered) below++;
        expect(isBelow({ type: 'EXACT', pattern }, given)).toBe(covered);
      }),
      { seed, numRuns: 3000 },
    );
    expect(below).toBeGreaterThan(300);
  });

  it('covers no pattern that matches a path beside it', () => {
    const escaped = literal.map((text) => text.replace(/[{}*\\]/g, '\\$&'));
    const segment = fc.oneof(
      { weight: 4, arbitrary: escaped },
      fc.constantFrom('*', '{id}', '{no}', 'o*', '*rders', 'orders*', '**', 'orders**'),
    );
    const filling = fc.array(fc.constantFrom('orders', 'open', '2', 'x'), { minLength: 4, maxLength: 4 });
    let below = 0;
    fc.assert(
      fc.property(pathOf(segment), prefix, filling, (pattern, given, fill) => {
        fc.pre(pathPatternFaults(pattern, 'PARAMETER').length === 0);
        if (!isBelow({ type: 'PARAMETER', pattern }, given)) return;
        below++;
        const path = pattern.replace(
          /\\(.)|\*\*|\*|\{\w+\}/g,
          (wildcard, text) => text ?? (wildcard === '**' ? fill.slice(0, 2).join('/') : (fill.pop() ?? '')),
        );
        expect(path === given || path.startsWith(given === '/' ? '/' : `${given}/`), `${pattern} as ${path}`).toBe(
          true,
        );
      }),
      { seed, numRuns: 5000 },
    );
    expect(below).toBeGreaterThan(300);
  });
});
