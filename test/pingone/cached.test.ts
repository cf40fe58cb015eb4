import { describe, expect, it } from 'vitest';
import { cached } from '../../lib/pingone/cached.ts';

const minute = 60_000;

/** Loads one number after the other, and fails at the given ones. */
const counting = (...failing: number[]) => {
  let loads = 0;
  const load = async () => {
    loads++;
    if (failing.includes(loads)) throw new Error(`load ${loads}`);
    return { value: loads, until: minute };
  };
  return { load, count: () => loads };
};

describe('a value that is prefetched', () => {
  it('is returned to the first callers', async () => {
    const { load, count } = counting();
    const value = cached(load, () => 0);
    value.prefetch();
    expect(count()).toBe(1);
    expect(await Promise.all([value.get(), value.get()])).toEqual([1, 1]);
  });

  it('is not remembered if that fails: the next caller loads at once', async () => {
    const { load } = counting(1);
    const value = cached(
      load,
      () => 0,
      () => minute,
    );
    value.prefetch();
    expect(await value.get()).toBe(2);
  });

  it('expires like any other value', async () => {
    const { load } = counting();
    let now = 0;
    const value = cached(load, () => now);
    value.prefetch();
    expect(await value.get()).toBe(1);
    now = minute;
    expect(await value.get()).toBe(2);
  });
});

it('a failed load is remembered for a while', async () => {
  const { load, count } = counting(1);
  let now = 0;
  const value = cached(
    load,
    () => now,
    () => minute,
  );
  await expect(value.get()).rejects.toThrow('load 1');
  await expect(value.get()).rejects.toThrow('load 1');
  expect(count()).toBe(1);
  now = minute;
  expect(await value.get()).toBe(2);
});
