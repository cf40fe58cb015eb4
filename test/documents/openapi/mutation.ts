import fc from 'fast-check';
import { anything } from './arbitrary.ts';

/** JSON values with one member removed, replaced or added. */
export const mutated = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.nat(), fc.constantFrom(...Object.keys(changes)), anything)
    .map(([value, place, change, other]) => {
      let rest = place % countOf(value);
      return (
        walked(value, (inner) => (rest-- === 0 ? { changed: changes[change]?.(inner, other) } : undefined)) ?? null
      );
    });

const changes: Readonly<Record<string, (value: unknown, other: unknown) => unknown>> = {
  drop: () => undefined,
  replace: (_, other) => other,
  add: (value, other) => (isMembers(value) ? { ...value, extra: other } : other),
};

const walked = (value: unknown, visit: (value: unknown) => { readonly changed: unknown } | undefined): unknown => {
  const visited = visit(value);
  if (visited) return visited.changed;
  if (Array.isArray(value)) return value.map((item) => walked(item, visit)).filter((item) => item !== undefined);
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walked(member, visit)]));
};

const countOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((count, member) => count + countOf(member), 1)
    : 1;

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
