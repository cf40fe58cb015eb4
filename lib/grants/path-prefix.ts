/** Whether a text can be a prefix of paths: `/` (of all) or literal segments, none of which looks like a wildcard. */
export const isPathPrefix = (text: string): boolean =>
  text === '/' || (text.startsWith('/') && text.slice(1).split('/').every(isLiteral));

const isLiteral = (segment: string) => !/^(?:|\.{1,2}|\*+|\{.*\})$/s.test(segment);

export interface Path {
  readonly type: 'EXACT' | 'PARAMETER';
  readonly pattern: string;
}

/**
 * Whether everything that an operation's path matches lies below a prefix, segment by segment. What a wildcard or
 * a variable matches nobody knows, so it satisfies no segment.
 */
export const isBelow = ({ type, pattern }: Path, prefix: string): boolean => {
  if (prefix === '/') return true;
  const given = pattern.split('/').map(type === 'EXACT' ? asItIs : literal);
  return prefix.split('/').every((segment, index) => segment === given[index]);
};

const asItIs = (segment: string) => segment;

/** A segment of a PARAMETER pattern without its backslashes; nothing where it is no literal (API Operations data model). */
const literal = (segment: string): string | undefined =>
  /^(?:[^{}*\\]|\\[{}*\\])*$/.test(segment) ? segment.replace(/\\(.)/g, '$1') : undefined;
