import { isAmbiguous } from './ambiguous-segment.ts';

/** Whether a text is a valid prefix of paths: `/` (all paths) or literal segments, none a wildcard or ambiguous. */
export const isPathPrefix = (text: string): boolean =>
  text === '/' || (text.startsWith('/') && text.slice(1).split('/').every(isLiteral));

const isLiteral = (segment: string) => !/^(?:|\*+|\{.*\})$/s.test(segment) && !isAmbiguous(segment);

export interface Path {
  readonly type: 'EXACT' | 'PARAMETER';
  readonly pattern: string;
}

/**
 * Whether every path that an operation matches is below a prefix, segment by segment. A wildcard or a variable can match
 * anything, so it satisfies no segment. A path with an ambiguous segment is only below `/`.
 */
export const isBelow = ({ type, pattern }: Path, prefix: string): boolean => {
  if (prefix === '/') return true;
  const segments = pattern.split('/');
  if (segments.map(type === 'EXACT' ? unchanged : withoutWildcards).some(isAmbiguous)) return false;
  const given = segments.map(type === 'EXACT' ? unchanged : literal);
  return prefix.split('/').every((segment, index) => segment === given[index]);
};

const unchanged = (segment: string) => segment;

/** A literal segment of a PARAMETER pattern without its backslashes; undefined for others (API Operations data model). */
const literal = (segment: string): string | undefined =>
  /^(?:[^{}*\\]|\\[{}*\\])*$/.test(segment) ? segment.replace(/\\(.)/g, '$1') : undefined;

/** A segment of a PARAMETER pattern whose wildcards match the empty string. */
const withoutWildcards = (segment: string): string => segment.replace(/\\(.)|\*/g, '$1');
