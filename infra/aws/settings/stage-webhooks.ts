import * as z from 'zod/mini';
import { sources } from '../../../lib/webhook/source.ts';

/** Lambda takes 4 kB of environment; the other variables need less than half of it. */
const maximumLength = 2_000;

/** The sources of signed webhooks, by their names. */
export const webhooks = sources.check(
  z.refine((named) => JSON.stringify(named).length <= maximumLength, {
    error: `must have at most ${maximumLength} characters of JSON: they are in the environment of one function`,
  }),
);
