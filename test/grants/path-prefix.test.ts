import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathPatternViolations } from '../../lib/endpoints/rules/path-pattern.ts';
import { isBelow, isPathPrefix } from '../../lib/grants/limits/path-prefix.ts';

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
    ['PARAMETER', '/\\{a\\}b/{id}', '/{a}b'],
    ['EXACT', '/a*b/c', '/a*b'],
    ['EXACT', '/orders/.well-known', '/orders'],
    ['EXACT', '/orders/...', '/orders'],
    ['EXACT', '/orders/100%', '/orders'],
    ['EXACT', '/orders/caf%C3%A9%20au%20lait', '/orders'],
    ['EXACT', '/orders/open;v=1', '/orders'],
    ['PARAMETER', '/orders/*%2ejson', '/orders'],
    ['EXACT', '/%2e%2e/admin', '/'],
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
    ['PARAMETER', '/a\\b/{id}', '/ab'],
    ['EXACT', '/orders/../admin', '/orders'],
    ['EXACT', '/orders/%2e%2e/admin', '/orders'],
    ['EXACT', '/orders/%2E./admin', '/orders'],
    ['EXACT', '/orders/.%2e', '/orders'],
    ['EXACT', '/orders/%2e', '/orders'],
    ['EXACT', '/orders/..%2fadmin', '/orders'],
    ['EXACT', '/orders/x%2Fadmin', '/orders'],
    ['EXACT', '/orders/..%5cadmin', '/orders'],
    ['EXACT', '/orders/..\\admin', '/orders'],
    ['EXACT', '/orders/%252e%252e/admin', '/orders'],
    ['EXACT', '/orders/%25252e%25252e/admin', '/orders'],
    ['EXACT', '/orders/%%32e%%32e/admin', '/orders'],
    ['EXACT', '/orders/%c0%ae%c0%ae/admin', '/orders'],
    ['EXACT', `/orders/%${'25'.repeat(1000)}41`, '/orders'],
    ['EXACT', '/orders/%u002e%u002e/admin', '/orders'],
    ['EXACT', '/orders/\uFF0E\uFF0E/admin', '/orders'],
    ['EXACT', '/orders/\u2025/admin', '/orders'],
    ['EXACT', '/orders/x\uFF0Fadmin', '/orders'],
    ['EXACT', '/orders/..;/admin', '/orders'],
    ['EXACT', '/orders/.;v=1/admin', '/orders'],
    ['EXACT', '/orders/%2e%2e%3b/admin', '/orders'],
    ['EXACT', '/orders/..%00/admin', '/orders'],
    ['EXACT', '/orders/..%20/admin', '/orders'],
    ['EXACT', '/orders/..%3fadmin', '/orders'],
    ['PARAMETER', '/orders/%2e%2e/{id}', '/orders'],
    ['PARAMETER', '/orders/{id}/..%2f**', '/orders'],
    ['PARAMETER', '/orders/%2e*%2e/x', '/orders'],
    ['PARAMETER', '/orders/..\\\\admin/{id}', '/orders'],
  ] as const)('leaves out %s %s by %s', (type, pattern, prefix) => {
    expect(isPathPrefix(prefix)).toBe(true);
    expect(isBelow({ type, pattern }, prefix)).toBe(false);
  });

  it.each(['/orders/%2e%2e', '/%2e', '/a\\b', '/a%2fb', '/orders/..;', '/%252e%252e', '/\uFF0E'])(
    'is not %s',
    (text) => {
      expect(isPathPrefix(text)).toBe(false);
    },
  );

  const literal = fc.constantFrom('orders', 'orders2', 'open', 'a*b', '{', '...');
  const pathOf = (segment: fc.Arbitrary<string>) =>
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
  const prefix = fc.oneof(fc.constant('/'), pathOf(literal)).filter(isPathPrefix);

  it('covers, of exact paths, only itself and paths that continue with a slash', () => {
    let below = 0;
    fc.assert(
      fc.property(pathOf(literal), prefix, (pattern, given) => {
        const covered = pattern === given || pattern.startsWith(given === '/' ? '/' : `${given}/`);
        if (covered) below++;
        expect(isBelow({ type: 'EXACT', pattern }, given)).toBe(covered);
      }),
      { seed, numRuns: 1000 },
    );
    expect(below).toBeGreaterThan(300);
  });

  it('covers no pattern that matches a path outside it', () => {
    const escaped = literal.map((text) => text.replace(/[{}*\\]/g, '\\$&'));
    const segment = fc.oneof(
      { weight: 4, arbitrary: escaped },
      fc.constantFrom('*', '{id}', '{no}', 'o*', '*rders', 'orders*', '**', 'orders**'),
    );
    const filling = fc.array(fc.constantFrom('orders', 'open', '2', 'x'), { minLength: 4, maxLength: 4 });
    let below = 0;
    fc.assert(
      fc.property(pathOf(segment), prefix, filling, (pattern, given, fill) => {
        fc.pre(pathPatternViolations(pattern, 'PARAMETER').length === 0);
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
      { seed, numRuns: 1500 },
    );
    expect(below).toBeGreaterThan(300);
  });

  it('covers no path that a server may read as a path outside it', () => {
    const dots = fc.constantFrom('.', '..', '%2e', '.%2E', '%2e%2e', '%252e.', '%25252e%2e', '...', '%2e%2e%2e');
    const separators = fc.constantFrom('', '', '/', '%2f', '%5C', '\\', '%252F', ';', ';v=1', '%3b');
    const segment = fc.oneof(
      fc.constantFrom('orders', 'admin', 'open', '%61dmin', '100%'),
      fc.tuple(dots, separators, fc.constantFrom('', 'admin', 'open')).map((parts) => parts.join('')),
    );
    const paths = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/orders/${segments.join('/')}`);
    let below = 0;
    let beside = 0;
    fc.assert(
      fc.property(paths, (pattern) => {
        const strays = readings(pattern).filter((path) => path !== '/orders' && !path.startsWith('/orders/'));
        if (strays.length > 0) beside++;
        if (!isBelow({ type: 'EXACT', pattern }, '/orders')) return;
        below++;
        expect(strays, pattern).toEqual([]);
      }),
      { seed, numRuns: 1500 },
    );
    expect(below).toBeGreaterThan(300);
    expect(beside).toBeGreaterThan(300);
  });
});

/** The readings of a path by servers: decoded up to four times, with or without `;` parameters, `\\` as a slash, dot segments removed. */
const readings = (path: string): string[] =>
  [path, ...decodings(path)].flatMap((decoded) =>
    [decoded, decoded.replace(/;[^/\\]*/g, '')].map((text) => new URL(`https://api.example${text}`).pathname),
  );

const decodings = (path: string, times = 4): string[] => {
  if (times === 0) return [];
  const decoded = path.replace(/%([\da-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return [decoded, ...decodings(decoded, times - 1)];
};
