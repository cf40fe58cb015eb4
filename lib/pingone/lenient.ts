import * as z from 'zod/mini';

/**
 * A member of a foreign answer: undefined if it has another type, so that one odd member never loses the others.
 * z.catch would do the same, but adds 10 kB to the bundle.
 */
export const lenient = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.optional(
    z.pipe(
      z.unknown(),
      z.transform((value) => z.safeParse(schema, value).data),
    ),
  );
