import * as z from 'zod/mini';
import { isRecord } from '../loopback/json.ts';
import type { Detail } from './refusal.ts';

/** PingOne's violations for a body. Unlike our schemas, PingOne accepts unknown members at any level. */
export const validate = (schema: z.core.$ZodType, body: unknown): readonly Detail[] => {
  const known = structuredClone(body);
  for (;;) {
    const { error } = z.safeParse(schema, known);
    if (error === undefined) return [];
    const removed = unknownMembers(error.issues).filter((path) => remove(known, path));
    if (removed.length === 0) return error.issues.map((issue) => detailOf(issue, body));
  }
};

type Path = readonly PropertyKey[];

const unknownMembers = (issues: readonly z.core.$ZodIssue[], base: Path = []): readonly Path[] =>
  issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
    if (issue.code !== 'invalid_union') return [];
    return issue.errors.filter(onlyUnknown).flatMap((branch) => unknownMembers(branch, path));
  });

const onlyUnknown = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.length > 0 && issues.every(({ code }) => code === 'unrecognized_keys');

const remove = (root: unknown, path: Path): boolean => {
  const parent = at(root, path.slice(0, -1));
  const key = path.at(-1);
  return isRecord(parent) && key !== undefined && Object.hasOwn(parent, key) && Reflect.deleteProperty(parent, key);
};

const at = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    root,
  );

const detailOf = (issue: z.core.$ZodIssue, body: unknown): Detail => ({
  ...codeOf(issue, body),
  ...(issue.path.length > 0 && { target: targetOf(issue.path) }),
  message: issue.message,
});

const codeOf = (issue: z.core.$ZodIssue, body: unknown): Pick<Detail, 'code' | 'innerError'> => {
  if (issue.code === 'too_big') {
    return { code: 'SIZE_LIMIT_EXCEEDED', innerError: { maximumValue: Number(issue.maximum) } };
  }
  return { code: at(body, issue.path) === undefined ? 'REQUIRED_VALUE' : 'INVALID_VALUE' };
};

const targetOf = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
