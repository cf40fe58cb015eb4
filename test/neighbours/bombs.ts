/** Bodies of up to 1 MB that cost whoever reads them carelessly its time, its memory or its stack. */
export const bombs: Readonly<Record<string, () => string>> = {
  '1 MB of [': () => '['.repeat(megabyte),
  'a nesting of 200,000': () => `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
  'a nesting that hides in a string without an end': () => `["\n${'['.repeat(megabyte - 3)}`,
  'a nesting that hides behind brackets too many': () => `[${'}'.repeat(400_000)},${'['.repeat(600_000)}`,
  'a number of 500,000 digits': () => `{"a":1${'0'.repeat(500_000)}1}`,
  'an exponent of 900,000 digits': () => `{"a":1e${'9'.repeat(900_000)}}`,
  '150,000 numbers that nothing can hold': () => `{"a":[${'1e400,'.repeat(150_000)}1]}`,
  '80,000 such numbers under a name of 500 KB': () => `{"${'x'.repeat(500_000)}":[${'1e400,'.repeat(80_000)}1]}`,
  '80,000 such numbers 499 levels deep': () => `${'['.repeat(499)}${'1e400,'.repeat(80_000)}1${']'.repeat(499)}`,
  '70,000 members __proto__': () => `{${'"__proto__":1,'.repeat(70_000)}"a":1}`,
  '80,000 unknown members': () => `{${Array.from({ length: 80_000 }, (_, index) => `"a${index}":1`)}}`,
  'an unknown member with a name of 1 MB': () => `{"${String.raw`\"`.repeat(500_000)}":1}`,
};

const megabyte = 1_000_000;
