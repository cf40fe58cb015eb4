import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createCanaries } from './canaries.ts';

const canaries = createCanaries();
const mark = canaries.mark('a mark');
const secret = '~aB3-dE6_gH9.jK2+mN5/pQ8=sT1 uV4';
canaries.add('a secret', secret);
const base64 = (text: string) => Buffer.from(text).toString('base64');

it.each([
  ['as it is', (text: string) => `a ${text} b`],
  ['in capitals', (text: string) => text.toUpperCase()],
  ['in a URL', encodeURIComponent],
  ['in JSON in JSON', (text: string) => JSON.stringify(JSON.stringify({ [text]: 1 }))],
  ['in base64', base64],
  ['in base64 of more', (text: string) => base64(`id:${text}`)],
  ['in base64 of even more', (text: string) => base64(`name:${text}.`)],
  ['in base64url', (text: string) => Buffer.from(text).toString('base64url')],
  ['in hex', (text: string) => Buffer.from(text).toString('hex')],
  ['in the cause of an error', (text: string) => inspect(new Error('a', { cause: new Error(text) }))],
])('a canary is found %s', (_, write) => {
  expect(canaries.in(write(mark))).toHaveLength(1);
  expect(canaries.in(write(secret))).not.toEqual([]);
});

it('a canary is found by its parts and by its hash, and no other text is', () => {
  expect(canaries.in(mark.slice(2, 19))).toEqual(['a mark']);
  // V8 quotes ten characters on either side.
  expect(canaries.in(messageOf(() => JSON.parse(`{"a":1,"b":${mark}}`)))).toEqual(['a mark']);
  expect(canaries.in(secret.slice(3, 27))).toEqual(['a secret']);
  expect(canaries.in(createHash('sha256').update(secret).digest('hex'))).toEqual(['hash of a secret']);
  expect(canaries.in(createHash('sha256').update('x').digest('hex'))).toEqual([]);
});

const messageOf = (act: () => unknown): string => {
  try {
    return String(act());
  } catch (error) {
    return String(error);
  }
};
