import { isAmbiguous } from './ambiguous-segment.ts';

/** Whether a text can be a prefix of paths: `/` (of all) or literal segments, none of them a wildcard or ambiguous. */
export const isPathPrefix = (text: string): boolean =>
  text === '/' || (text.startsWith('/') && text.slice(1).split('/').every(isLiteral));

const isLiteral = (segment: string) => !/^(?:|\*+|\{.*\})$/s.test(segment) && !isAmbiguous(segment);

export interface Path {
  readonly type: 'EXACT' | 'PARAMETER';
  readonly pattern: string;
}

/**
 * Whether everything that an operation's path matches lies below a prefix, segment by segment. What a wildcard or
 * a variable matches nobody knows, so it satisfies no segment. A path with an ambiguous segment is below no prefix but `/`.
 */
export const isBelow = ({ type, pattern }: Path, prefix: string): boolean => {
  if (prefix === '/') return true;
  const segments = pattern.split('/');
  if (segments.map(type === 'EXACT' ? asItIs : withoutWildcards).some(isAmbiguous)) return false;
  const given = segments.map(type === 'EXACT' ? asItIs : literal);
  return prefix.split('/').every((segment, index) => segment === given[index]);
};

const asItIs = (segment: string) => segment;

/** A segment of a PARAMETER pattern without its backslashes; nothing where it is no literal (API Operations data model). */
const literal = (segment: string): string | undefined =>
  /^(?:[^{}*\\]|\\[{}*\\])*$/.test(segment) ? segment.replace(/\\(.)/g, '$1') : undefined;

/** The text of a segment of a PARAMETER pattern where its wildcards match nothing. */
const withoutWildcards = (segment: string): string => segment.replace(/\\(.)|\*/g, '$1');
