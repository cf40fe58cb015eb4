import { type GrantsDocument, parseGrants } from '../../../lib/grants/document.ts';
import { principalText } from '../../../lib/grants/principal.ts';
import { valueAt } from '../../../lib/validation/members.ts';
import { likelyMeant } from '../../../lib/validation/violations.ts';
import { parseJson, textOf } from '../loopback/json.ts';

/** The hint for a request of a principal that is not in the grants, from a function's log line. */
export const principalHint = (line: string, grants: GrantsDocument): string | undefined => {
  const entry = parseJson(line);
  if (valueAt(entry, 'message.attempt.dimension') !== 'principal') return undefined;
  const principal = textOf(valueAt(entry, 'message.attempt.principal'));
  if (principal === undefined) return undefined;
  const known = parseGrants(grants).callers.flatMap(({ principals }) => principals.map(principalText));
  const meant = nearest(principal, known);
  const hint = meant === undefined ? `their principals are ${known.join(', ') || 'none'}` : `did you mean ${meant}?`;
  return `The principal ${principal} is not in the grants; ${hint}`;
};

/** The nearest principal of the same kind by its last part: the first parts are long and alike. */
const nearest = (principal: string, known: readonly string[]): string | undefined => {
  const [, kind = '', name = ''] = /^(.*:)(.*?)$/.exec(principal) ?? [];
  const own = known.flatMap((each) => (each.startsWith(kind) ? [each.slice(kind.length)] : []));
  const meant = likelyMeant(name, own);
  return meant === undefined ? undefined : kind + meant;
};
