/** Maximum length of a pattern (API Operations data model), in code points, the most lenient reading. */
export const maximumPatternLength = 2048;

/**
 * The violations of a path's pattern by the API Operations data model, as sentence parts that name a segment by its
 * 1-based position. Patterns that the model does not mention are valid: one trailing slash, `*` as a part of a segment.
 * A pattern with a wrong length is not checked further.
 */
export const pathPatternViolations = (pattern: string, type: 'EXACT' | 'PARAMETER'): readonly string[] => {
  const characters = [...pattern];
  if (characters.length === 0) return ['must not be empty'];
  if (characters.length > maximumPatternLength) return [`must have at most ${maximumPatternLength} characters`];
  const segments = segmentsOf(pattern);
  const violations = [...controlCharacterViolations(characters), ...segmentViolations(segments, rulesOfBoth)];
  if (type === 'EXACT') return violations;
  const wildcard = segments.some(({ tokens }) => tokens.some((token) => isAsterisks(token) || isVariable(token)));
  return [
    ...violations,
    ...(wildcard ? [] : ['must have an unescaped *, ** or {name}']),
    ...segmentViolations(segments, rulesOfParameter),
  ];
};

interface Segment {
  readonly text: string;
  readonly position: number;
  readonly tokens: readonly string[];
  /** Nothing precedes it, not even a slash. */
  readonly bare: boolean;
  /** Nothing follows it, not even a slash. */
  readonly final: boolean;
  /** An earlier segment has the same text. */
  readonly repeated: boolean;
}

interface Rule {
  readonly words: string;
  readonly broken: (segment: Segment) => boolean;
}

const rulesOfBoth: readonly Rule[] = [
  { words: 'must not have an empty segment', broken: ({ text }) => text === '' },
  { words: 'must not have a dot segment', broken: ({ text }) => text === '.' || text === '..' },
];

const rulesOfParameter: readonly Rule[] = [
  { words: 'must start with "/"', broken: ({ bare }) => bare },
  { words: 'must have a backslash only before {, }, * or \\', broken: ({ tokens }) => tokens.includes('\\') },
  {
    words:
      'must pair its braces as {name}, with no {, }, \\ or / inside, and have a backslash before every other brace',
    broken: ({ tokens }) => tokens.some(isStrayBrace),
  },
  {
    words: 'must have {name} only as a whole segment',
    broken: ({ tokens }) => tokens.length > 1 && tokens.some(isVariable) && !tokens.some(isStrayBrace),
  },
  { words: 'must have a name between its braces', broken: ({ tokens }) => tokens.includes('{}') },
  {
    words: 'must not use a name twice',
    broken: ({ text, tokens, repeated }) => repeated && tokens.length === 1 && isVariable(text) && text !== '{}',
  },
  {
    words: 'must have ** only at its end, and at most two * in a row',
    broken: ({ tokens, final }) =>
      tokens.some((token, index) => {
        const last = final && index === tokens.length - 1;
        return isAsterisks(token) && token.length > (last ? 2 : 1);
      }),
  },
];

const isAsterisks = (token: string) => token.startsWith('*');
const isVariable = (token: string) => token.startsWith('{') && token !== '{';
const isStrayBrace = (token: string) => token === '{' || token === '}';

/** In this order: an escaped literal, asterisks, a variable, an unpaired brace or backslash, text. */
const token = /\\[{}*\\]|\*+|\{[^{}\\]*\}|[{}\\]|[^{}*\\]+/gu;

const segmentsOf = (pattern: string): readonly Segment[] => {
  if (pattern === '/') return [];
  const texts = pattern.replace(/^\//, '').replace(/\/$/, '').split('/');
  return texts.map((text, index) => ({
    text,
    position: index + 1,
    tokens: text.match(token) ?? [],
    bare: index === 0 && !pattern.startsWith('/'),
    final: index === texts.length - 1 && !pattern.endsWith('/'),
    repeated: texts.indexOf(text) < index,
  }));
};

const segmentViolations = (segments: readonly Segment[], rules: readonly Rule[]): readonly string[] =>
  segments.flatMap((segment) =>
    rules
      .filter(({ broken }) => broken(segment))
      .map(({ words }) => `${words}: segment ${segment.position} is "${printable(segment.text)}"`),
  );

const controlCharacterViolations = (characters: readonly string[]): readonly string[] =>
  characters.flatMap((character, index) =>
    isControl(character) ? [`must not have control characters: ${codePoint(character)} at position ${index + 1}`] : [],
  );

const isControl = (character: string) => character < ' ' || character === '\u007F';
const codePoint = (character: string) => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Shortens a segment and replaces control characters, which may reach a terminal. */
const printable = (text: string): string => {
  const characters = [...text].map((character) => (isControl(character) ? `<${codePoint(character)}>` : character));
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : characters.join('');
};
