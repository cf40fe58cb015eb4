import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';
import type { Violation } from '../problems.ts';
import { pointerTo, targetOf } from './pointer.ts';

type Issue = z.core.$ZodIssue;
type Words = Pick<Violation, 'code' | 'message' | 'innerError'>;

/** A parsed value, or its violations. */
export type Checked<Value> =
  | { readonly data: Value; readonly violations: readonly [] }
  | { readonly data?: undefined; readonly violations: readonly Violation[] };

/** Parses a value by a schema, or lists all violations in PingOne's vocabulary. */
export const checked = <Schema extends z.core.$ZodType>(schema: Schema, value: unknown): Checked<z.output<Schema>> => {
  const { success, data, error } = parsed(schema, value);
  return success
    ? { data, violations: [] }
    : { violations: error.issues.flatMap((issue) => violationsOf(issue, schema)) };
};

/**
 * Lists the violations of a value by a schema. With `unknownMembers: 'forward'` an unknown member is not a violation.
 */
export const violationsIn = (
  schema: z.core.$ZodType,
  value: unknown,
  unknownMembers: 'refuse' | 'forward' = 'refuse',
): readonly Violation[] =>
  (parsed(schema, value).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' && unknownMembers === 'forward' ? [] : violationsOf(issue, schema),
  );

const parsed = <Schema extends z.core.$ZodType>(schema: Schema, value: unknown) =>
  z.safeParse(schema, value, { reportInput: true });

/** The violations of one issue: an unknown member is one each. */
export const violationsOf = (issue: Issue, schema: z.core.$ZodType): Violation[] => {
  if (issue.code !== 'unrecognized_keys') return [at(issue.path, wordsFor(issue))];
  const known = membersAt(schema, issue.path);
  return issue.keys.slice(0, 100).map((key) => at([...issue.path, key], unknownMember(key, known)));
};

const at = (path: readonly PropertyKey[], { code, message, innerError }: Words): Violation => {
  const target = targetOf(path);
  return { code, message: `${target || 'the body'} ${message}`, target, pointer: pointerTo(path), innerError };
};

/** Translates an issue for the caller; keeps a schema's own message. */
const wordsFor = (issue: Issue): Words => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { code: 'REQUIRED_VALUE', message: `is required and must be ${article(issue.expected)}` }
        : { code: 'INVALID_VALUE', message: `must be ${article(issue.expected)}, not ${article(kindOf(issue.input))}` };
    case 'too_small':
      return { code: isEmpty(issue.input) ? 'EMPTY_VALUE' : 'OUT_OF_RANGE', message: `must ${bound(issue, 'least')}` };
    case 'too_big':
      return {
        code: isSized(issue.origin) ? 'SIZE_LIMIT_EXCEEDED' : 'OUT_OF_RANGE',
        message: `must ${bound(issue, 'most')}`,
      };
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'invalid_format':
      return { code: 'INVALID_VALUE', message: formats[issue.format] ?? issue.message };
    case 'invalid_union':
      return { code: 'INVALID_VALUE', message: `must be ${expectedBy(issue)}` };
    case 'custom':
      return { code: String(issue.params?.code ?? 'INVALID_VALUE'), message: issue.message };
    default:
      return { code: 'INVALID_VALUE', message: issue.message };
  }
};

const formats: Record<string, string> = { guid: 'must be a UUID', url: 'must be a URL' };

const article = (noun: string): string => {
  if (noun === 'null' || noun === 'undefined') return noun;
  if (noun === 'int') return 'a whole number';
  const plain = noun === 'record' ? 'object' : noun;
  return `${/^[aeiou]/.test(plain) ? 'an' : 'a'} ${plain}`;
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);

const isSized = (origin: string) => origin === 'string' || origin === 'array';

const bound = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, side: 'least' | 'most'): string => {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (!isSized(issue.origin))
    return `be ${issue.inclusive ? `at ${side}` : side === 'least' ? 'more than' : 'less than'} ${limit}`;
  return `have at ${side} ${limit} ${issue.origin === 'string' ? 'character' : 'item'}${limit === 1 ? '' : 's'}`;
};

const expectedBy = (issue: z.core.$ZodIssueInvalidUnion): string => {
  const expected = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [article(first.expected)] : []));
  return [...new Set(expected)].join(' or ') || 'one of the documented forms';
};

const oneOf = (allowed: string[], input: unknown): Words => {
  const list = allowed.length > 1 ? `one of ${allowed.join(', ')}` : allowed.join();
  if (input === undefined) return { code: 'REQUIRED_VALUE', message: `is required and must be ${list}` };
  return {
    code: 'INVALID_VALUE',
    message: `must be ${list}${typeof input === 'string' ? hint(input, allowed) : `, not ${article(kindOf(input))}`}`,
    innerError: { allowedValues: allowed },
  };
};

const unknownMember = (key: string, known: string[]): Words => ({
  code: 'INVALID_PARAMETER',
  message: `is not a member that PingOne documents${hint(key, known) || (known.length > 0 ? `; known are ${known.join(', ')}` : '')}`,
});

const hint = (given: string, known: string[]): string => {
  const meant = likelyMeant(given, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
};

/** The nearest known name, if it is near enough to be the intended one. */
export const likelyMeant = (given: string, known: readonly string[]): string | undefined => {
  if (known.length === 0 || given.length > 64) return undefined;
  const nearest = known.find((name) => name.toLowerCase() === given.toLowerCase()) ?? closest(given, known);
  const near = distance(given.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3);
  return near ? nearest : undefined;
};

/** The members of an object's schema. */
export const membersOf = (schema: z.core.$ZodType): readonly string[] => membersAt(schema, []);

/** The members of a schema at a path. */
const membersAt = (schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] => {
  // Only this union of zod types a schema's definition by its kind.
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if ('innerType' in def) return membersAt(def.innerType, path);
  const [step, ...rest] = path;
  if (def.type === 'array') return membersAt(def.element, rest);
  if (def.type !== 'object') return [];
  if (step === undefined) return Object.keys(def.shape);
  const member = def.shape[String(step)];
  return member ? membersAt(member, rest) : [];
};
