import * as z from 'zod/mini';

/** Refuses each item of an array that repeats an earlier one, by its value or one member. */
export const unrepeated = (member?: string) =>
  z.superRefine<readonly unknown[]>(
    (items, context) => {
      const first = new Map<string, number>();
      for (const [index, item] of items.entries()) {
        const text = member === undefined ? item : memberOf(item, member);
        if (typeof text !== 'string') continue;
        const earlier = first.get(text);
        if (earlier === undefined) {
          first.set(text, index);
          continue;
        }
        context.addIssue({
          code: 'custom',
          path: member === undefined ? [index] : [index, member],
          message: `must be unique within the operation; item ${earlier + 1} has the same value`,
          params: { code: 'UNIQUENESS_VIOLATION' },
        });
      }
    },
    // Also runs if items have other violations: all are reported at once.
    { when: ({ value }) => Array.isArray(value) },
  );

const memberOf = (item: unknown, member: string): unknown =>
  typeof item === 'object' && item !== null ? Reflect.get(item, member) : undefined;
