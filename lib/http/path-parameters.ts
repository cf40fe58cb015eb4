import type * as z from 'zod/mini';
import { Problem, type Violation } from '../problems.ts';
import { checked } from '../validation/violations.ts';

/** Checks the parameters of a path; `more` are violations that are known already. @throws Problem INVALID_DATA (400) */
export const pathParametersIn = <Schema extends z.core.$ZodType>(
  schema: Schema,
  given: unknown,
  more: readonly Violation[] = [],
): z.output<Schema> => {
  const { data, violations } = checked(schema, given);
  if (data !== undefined && more.length === 0) return data;
  const inPath = violations.map(({ pointer: _, ...violation }) => violation);
  throw new Problem('INVALID_DATA', 'The path has invalid values.', { violations: [...inPath, ...more] });
};
