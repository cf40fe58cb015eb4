import { likelyMeant } from '../../lib/validation/violations.ts';

/** The end of a sentence about a wrong word: the known one that was probably meant. */
export const hint = (given: string, known: readonly string[], prefix = ''): string => {
  const meant = given.length > 1 ? likelyMeant(given, known) : undefined;
  return meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
};
