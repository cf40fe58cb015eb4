import * as z from 'zod/mini';

/**
 * A member of somebody else's answer: undefined where it has another type, so that one odd member never loses the others.
 * By hand, since z.catch would bring 10 kB with it.
 */
export const lenient = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.optional(
    z.pipe(
      z.unknown(),
      z.transform((value) => z.safeParse(schema, value).data),
    ),
  );
