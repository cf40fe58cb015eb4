import type { Endpoint } from '../../lib/endpoints/endpoint.ts';

/** The example of an endpoint with a bomb in it, as JSON or nearly so. */
export const bodyWith = (bomb: string, { example }: Endpoint): string =>
  `${JSON.stringify({ ...example.body, name: 'Bomb' }).slice(0, -1)},${bomb}}`;

/** Members of up to 1 MB that cost whoever reads them carelessly its time, its memory or its stack. */
export const bombs: Readonly<Record<string, () => string>> = {
  '1 MB of [': () => `"properties":${'['.repeat(megabyte)}`,
  'a nesting of 150,000': () => `"properties":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
  'a nesting that hides in a string without an end': () => `"properties":["\n${'['.repeat(megabyte)}`,
  'a number of 500,000 digits': () => `"properties":{"a":1${'0'.repeat(500_000)}1}`,
  '150,000 numbers that nothing can hold': () => `"properties":{"a":[${'1e400,'.repeat(150_000)}1]}`,
  '80,000 such numbers under a name of 500 KB': () =>
    `"properties":{"${'x'.repeat(500_000)}":[${'1e400,'.repeat(80_000)}1]}`,
  '80,000 such numbers 500 levels deep': () =>
    `"properties":{"a":${'['.repeat(498)}${'1e400,'.repeat(80_000)}1${']'.repeat(498)}}`,
  '70,000 members __proto__': () => `"properties":{${'"__proto__":1,'.repeat(70_000)}"a":1}`,
  '80,000 unknown members': () => Array.from({ length: 80_000 }, (_, index) => `"a${index}":1`).join(),
  'an unknown member with a name of 1 MB': () => `"${String.raw`\"`.repeat(megabyte / 2)}":1`,
};

const megabyte = 1_000_000;
