import { likelyMeant } from '../../lib/validation/violations.ts';

/** The end of a sentence about an unknown word: the known word that is nearest to it. */
export const hint = (word: string, known: readonly string[], prefix = ''): string => {
  const meant = word.length > 1 ? likelyMeant(word, known) : undefined;
  return meant === undefined ? '' : `; did you mean ${prefix}${meant}?`;
};
