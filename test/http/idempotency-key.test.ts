import { describe, expect, it } from 'vitest';
import { idempotencyKeyOf } from '../../lib/http/idempotency-key.ts';

const keyIn = (value: string | undefined) => idempotencyKeyOf({ 'idempotency-key': value });

describe('an Idempotency-Key', () => {
  it.each([
    ['order-4711', 'order-4711'],
    ['"order-4711"', 'order-4711'],
    ['"with space"', 'with space'],
    [String.raw`"a \"b\" \\c"`, String.raw`a "b" \c`],
    [' padded ', 'padded'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [undefined, undefined],
  ])('%j is read as %j', (header, key) => {
    expect(keyIn(header)).toBe(key);
  });

  it.each([
    '',
    '""',
    'with space',
    '"open',
    'quo"te',
    '"a"b"',
    'ключ',
    '"\u0007"',
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
  ])("%j is rejected, with the header's name", (header) => {
    expect(() => keyIn(header)).toThrow(
      expect.objectContaining({
        code: 'INVALID_DATA',
        facts: { violations: [expect.objectContaining({ target: 'Idempotency-Key' })] },
      }),
    );
  });
});
