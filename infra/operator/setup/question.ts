import type * as z from 'zod/mini';
import { violationsIn } from '../../../lib/validation/violations.ts';

/** The answers so far, by flag. */
export type Answers = Readonly<Record<string, string>>;

export interface Question {
  /** The flag that answers it. */
  readonly flag: string;
  readonly argument: string;
  readonly prompt: string;
  /** The answer that stands for an empty one; a question without it needs an answer. */
  readonly defaultAnswer?: (answers: Answers) => string;
  /** Whether to ask it. */
  readonly when?: (answers: Answers) => boolean;
  /** The reason why an answer is invalid. */
  readonly violation: (answer: string) => string | undefined;
}

/** The first violation of a value, without the name of its member. */
export const violationIn = (schema: z.core.$ZodType, value: unknown): string | undefined =>
  violationsIn(schema, value)[0]?.message.replace(/^the body |^\w+(?:\.\w+)* /, '');

/** The first violation of an answer. */
export const violationOf =
  (schema: z.core.$ZodType) =>
  (answer: string): string | undefined =>
    violationIn(schema, answer);
